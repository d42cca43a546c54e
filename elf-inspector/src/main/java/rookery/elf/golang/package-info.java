/// What Go's linker wrote into a program about how it was built: the answer of `go version -m`
/// without Go.
///
/// [rookery.elf.golang.GoBuildInfoReader] finds the block in the bytes of data segments, so it
/// works without section headers, in ELF and in PE files alike. Which ranges those are, its callers
/// in `rookery.elf` say; what follows for a verdict is decided there. Pure code: any thread may
/// call it.
@NullMarked
package rookery.elf.golang;

import org.jspecify.annotations.NullMarked;
