/// The gRPC services: what agents and clients say, turned into events, and snapshots turned into
/// what they are told.
///
/// Services hold no state of the farm: only which streams are open and what was last sent on each.
/// Messages are read by `wire`; what does not read is refused with INVALID_ARGUMENT. Calls run on
/// virtual threads, pushes on the loop's.
@NullMarked
package rookery.coordinator.rpc;

import org.jspecify.annotations.NullMarked;
