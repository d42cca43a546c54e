/// Blobs on disk: an OCI image layout directory is the blob store, so whatever Rookery keeps can be
/// read by every OCI tool as it lies there.
///
/// [ImageLayout] is the door: put, find, open, export. A blob is invisible until it is complete and
/// on the disk; a blob that no longer has its digest is set aside when that is noticed. [Sha256]
/// hashes streams and files.
///
/// Not here: who may read what, when a blob may be deleted, and what the blobs mean.
///
/// Blocking file work; safe for any number of threads and processes on one directory.
@NullMarked
package rookery.oci.layout;

import org.jspecify.annotations.NullMarked;
