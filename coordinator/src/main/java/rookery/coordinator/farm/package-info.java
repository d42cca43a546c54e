/// The farm as one immutable value and the one function that moves it forward: `Farm.apply(farm,
/// event)`.
///
/// Pure: time, ids and answers of the world come in with events; what is to be done in the world
/// goes out as effects. Nothing here knows of sockets, disks, SQL or threads; `loop` runs it on one
/// thread, saves what changed, and only then lets effects and answers out. An order to an agent is
/// no effect but a query, [Farm#desired]. Which steps exist is `plan`'s business; who may do one is
/// [Scheduler]'s and who gets it [Placement]'s; what follows from a failure is [Retry]'s.
@NullMarked
package rookery.coordinator.farm;

import org.jspecify.annotations.NullMarked;
