/// From a project's directory to blobs: which files belong to the source (git knows), what git says
/// of the version, whether the directories that the spec names are what they should be, and the
/// packing of them as normalised tars.
///
/// The only part between the spec and the farm that reads the disk and starts git. Nothing is ever
/// written into the project. Blocking, on the command's thread.
@NullMarked
package rookery.cli.pack;

import org.jspecify.annotations.NullMarked;
