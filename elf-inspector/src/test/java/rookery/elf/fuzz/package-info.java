/// Targets for a fuzzer, and their seeds.
@NullMarked
package rookery.elf.fuzz;

import org.jspecify.annotations.NullMarked;
