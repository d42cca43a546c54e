/// The command line: one picocli class per command, and [Main], which builds what they need and is
/// the one place where an error becomes an exit code.
///
/// What goes to stdout is data, what goes to stderr is talk. A command parses its words, calls the
/// packages below and prints; reading the spec is `spec`, turning directories into blobs `pack`,
/// what people see while they wait `view`, what lands in `dist/` `dist`, the way to a farm `farm`.
/// A command runs on the thread that called it; Ctrl-C comes in on another ([Interrupts]).
@NullMarked
package rookery.cli;

import org.jspecify.annotations.NullMarked;
