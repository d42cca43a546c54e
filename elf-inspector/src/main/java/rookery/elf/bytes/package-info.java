/// Bytes that nobody vouches for, and how to read them safely.
///
/// Here live [rookery.elf.bytes.Source] (where the bytes come from), [rookery.elf.bytes.Input] (a
/// source with a [rookery.elf.bytes.Budget]), [rookery.elf.bytes.View] (numbers in a byte order),
/// string tables and a search for several patterns at once. Every offset and length that a file
/// names is compared, as an unsigned 64-bit number, with what is there before it is used; whatever
/// does not fit ends as one [rookery.elf.bytes.UnreadableException].
///
/// What the bytes mean is not known here: see `rookery.elf`, `.golang` and `.pe`. Files are opened
/// in `.files` only. Pure code: any thread may call it, one [rookery.elf.bytes.Input] belongs to
/// one thread.
@NullMarked
package rookery.elf.bytes;

import org.jspecify.annotations.NullMarked;
