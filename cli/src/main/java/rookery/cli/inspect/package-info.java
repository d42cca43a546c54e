/// What `rookery inspect` does besides judging: it finds the files (in directories, archives, tar
/// files, binary packages and OCI layouts), and shows what was found as a table, as JSON, or in the
/// views that people know from readelf, file and ldd.
///
/// [rookery.cli.inspect.Finder] walks, [rookery.cli.inspect.Human],
/// [rookery.cli.inspect.JsonReport] and [rookery.cli.inspect.Views] write. What the bytes mean is
/// decided in `rookery.elf`; which option asks for what, and the exit code, in
/// `rookery.cli.InspectCommand`. Blocking, on the command's one thread, which hands the plain files
/// of a tree to a few more ([rookery.cli.inspect.Lanes]).
@NullMarked
package rookery.cli.inspect;

import org.jspecify.annotations.NullMarked;
