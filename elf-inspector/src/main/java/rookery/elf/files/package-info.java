/// Files for the inspector: opens them, reads what is asked for, closes them.
///
/// [rookery.elf.files.Inspector] is the door. Files are read with positioned reads of bounded
/// length and never mapped: a mapped file that somebody cuts short ends in an error that cannot be
/// handled. What the bytes mean is decided in `rookery.elf`. Runs on the calling thread, which
/// blocks; an [rookery.elf.files.Inspector] may be shared.
@NullMarked
package rookery.elf.files;

import org.jspecify.annotations.NullMarked;
