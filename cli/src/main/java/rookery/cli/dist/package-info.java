/// What a build leaves on the disk: `dist/` with the binaries, one OCI layout per image,
/// `artifacts.json` and `checksums.txt`.
///
/// [DistPlan] says what lies where, and is pure. [DistWriter] makes it: all of it beside its place
/// first, then moved there whole, so nobody ever sees half of it. A directory that holds anything
/// else than an earlier build's output is never touched. Blocking, on the command's thread.
@NullMarked
package rookery.cli.dist;

import org.jspecify.annotations.NullMarked;
