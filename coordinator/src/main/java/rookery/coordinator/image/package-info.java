/// What an image of verified binaries is made of: which files lie in its one layer, what its
/// configuration, manifest and index say.
///
/// Pure and byte-exact: the same binaries give the same image wherever and whenever it is
/// assembled, so every time is the commit's and every list has an order. Writing layers and blobs
/// is `work`'s part.
@NullMarked
package rookery.coordinator.image;

import org.jspecify.annotations.NullMarked;
