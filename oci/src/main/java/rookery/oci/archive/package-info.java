/// Tar and gzip, in both directions.
///
/// Out: [TarWriter], [TreeTar] and [GzipWriter] are byte-exact. The same entries give the same
/// bytes on every machine and in every year, since the format is written by hand and the compressor
/// is a library of ours, not the JDK's (whose zlib differs between builds).
///
/// In: [TarReader] and [Extractor] take archives from anybody. Every name, link, size and ratio is
/// checked against [Limits] before it is believed; what is refused says why in an
/// [ArchiveException].
///
/// Not here: what a layer or a binary package means. Blocking stream work, no threads of its own;
/// one archive belongs to one thread.
@NullMarked
package rookery.oci.archive;

import org.jspecify.annotations.NullMarked;
