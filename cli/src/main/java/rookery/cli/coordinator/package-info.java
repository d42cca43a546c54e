/// The coordinator as a program of its own: everything that listens, wired top to bottom and closed
/// in reverse.
///
/// [CoordinatorProcess] opens the state directory, takes its lock, and starts the farm's core, its
/// gRPC server and its blob plane. What they do is the module `coordinator`'s business; the command
/// line around it is `rookery.cli`'s.
@NullMarked
package rookery.cli.coordinator;

import org.jspecify.annotations.NullMarked;
