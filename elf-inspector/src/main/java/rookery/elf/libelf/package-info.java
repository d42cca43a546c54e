/// A second opinion: the same facts, read by elfutils' libelf through JNA, to compare ours with.
///
/// [rookery.elf.libelf.LibelfEngine] is the door. libelf runs in a child process of its own,
/// [rookery.elf.libelf.LibelfChild]: a file that makes it crash ends that process and not ours.
/// Nothing else in the module knows of this package; where JNA or libelf are absent, starting the
/// engine says so, and all else works. [rookery.elf.libelf.Facts] is our own side of the
/// comparison.
///
/// An engine belongs to one thread at a time, which blocks while the child works.
@NullMarked
package rookery.elf.libelf;

import org.jspecify.annotations.NullMarked;
