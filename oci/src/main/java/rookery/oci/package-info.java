/// The words of the OCI image format as values: digests, platforms, descriptors, manifests, indexes
/// and image configurations.
///
/// A value that exists is valid: every constructor checks its arguments, so inside Rookery a digest
/// is never a string and a platform never a pair of strings.
///
/// Not here: bytes on disk (`rookery.oci.layout`), tar and gzip (`rookery.oci.archive`), HTTP
/// (`rookery.oci.registry`), and JSON (`rookery.oci.json`: its library throws `IOException`, which
/// a pure package does not mention).
///
/// Pure: no input or output, no clock, no threads; any thread may use it.
@NullMarked
package rookery.oci;

import org.jspecify.annotations.NullMarked;
