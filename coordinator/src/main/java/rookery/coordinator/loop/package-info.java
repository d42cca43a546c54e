/// The one thread on which the farm moves.
///
/// [Loop] takes a batch of events from a bounded queue, applies each, saves what changed in one
/// commit, and only then publishes the snapshot, answers callers and starts effects: nothing is
/// said that a power cut could take back. It decides nothing (`farm`) and does nothing else
/// (`work`, `rpc`).
@NullMarked
package rookery.coordinator.loop;

import org.jspecify.annotations.NullMarked;
