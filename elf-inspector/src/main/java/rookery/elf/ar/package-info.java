/// `ar` archives: the members of a static library, however its tool wrote them.
///
/// [rookery.elf.ar.ArFile] is the door. GNU's and BSD's long names, the symbol tables of both in 32
/// and 64 bits, and thin archives, whose members are other files, are read. What the members are is
/// decided in `rookery.elf`, which looks at each as a file of its own. Pure code: any thread may
/// call it.
@NullMarked
package rookery.elf.ar;

import org.jspecify.annotations.NullMarked;
