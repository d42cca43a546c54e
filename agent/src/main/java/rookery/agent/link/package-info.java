/// The agent's side of the wire: one stream of states, and logs beside it.
///
/// [SyncLink] keeps one bidirectional `Sync` stream alive, reconnects with jittered backoff, and
/// sends the newest report when the stream has room: an unsent older one is needless. [LogShipper]
/// appends one step's log by offsets, from a file, so that neither a slow nor a restarted
/// coordinator loses a line or fills the agent's memory.
///
/// Not here: what is said (`session`). gRPC's threads call in; everything that reaches the outside
/// goes through a listener that must not block.
@NullMarked
package rookery.agent.link;

import org.jspecify.annotations.NullMarked;
