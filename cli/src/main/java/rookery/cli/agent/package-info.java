/// The agent as a program of its own: its identity in the farm, its way to the coordinator's gRPC
/// and blobs, and the agent itself, wired top to bottom and closed in reverse.
///
/// What an agent does is the module `agent`'s business; the command line around it is
/// `rookery.cli`'s.
@NullMarked
package rookery.cli.agent;

import org.jspecify.annotations.NullMarked;
