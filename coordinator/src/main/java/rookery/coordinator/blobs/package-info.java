/// The blob plane: bytes in and out of the farm over HTTP, and what becomes of them.
///
/// [BlobServer] listens and speaks the blob part of the OCI distribution API; [BlobStore] is what
/// stands between it and the disk: a blob that it says is there was hashed since it last changed,
/// and is kept for [Keep#grace] from then on. [Access] decides who may do what, [FarmAccess] by the
/// farm's snapshot. [Collector] deletes what nobody needs, and [Upkeep] runs it.
///
/// Not here: what blobs mean, the layout on disk (`rookery.oci.layout`), certificates (`trust`).
///
/// Event loops only move bytes; each request is served, hashed and written to disk by a virtual
/// thread of its own.
@NullMarked
package rookery.coordinator.blobs;

import org.jspecify.annotations.NullMarked;
