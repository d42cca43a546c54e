/// What a binary is, decided from its bytes alone: linkage, machine, libc, and whether it will
/// start in an empty root.
///
/// [rookery.elf.Inspection] turns bytes into a [rookery.elf.Report]; [rookery.elf.Policy] turns a
/// report and an [rookery.elf.Expectation] into a [rookery.elf.Verdict]. The linkage is read as the
/// kernel reads it, from program headers and PT_DYNAMIC; section headers, EI_CLASS and EI_DATA are
/// evidence only, since files with false ones run.
///
/// Two passes: the *verdict* pass (headers, dynamic section, notes: a few KiB) on every file, the
/// *deep* pass ([rookery.elf.Contents]: symbols, strings) on static ones, where the libc shows
/// nowhere else.
///
/// Not here: reading files (`.files`), the bytes' bounds (`.bytes`), Windows' format (`.pe`), Go's
/// build information (`.golang`). Pure code: any thread may call it.
@NullMarked
package rookery.elf;

import org.jspecify.annotations.NullMarked;
