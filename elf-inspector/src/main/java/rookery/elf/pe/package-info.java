/// Windows' executable format, as far as a verdict needs it: the machine, the subsystem, and the
/// DLLs that are imported.
///
/// [rookery.elf.pe.PeFile] is the door. Whether those DLLs belong to Windows is decided in
/// `rookery.elf`. Pure code: any thread may call it.
@NullMarked
package rookery.elf.pe;

import org.jspecify.annotations.NullMarked;
