/// Tables of programs and the verdicts that are right for them, by who made them.
@NullMarked
package rookery.elf.samples;

import org.jspecify.annotations.NullMarked;
