/// What an agent says and does about its leases: one state machine, decided here and nowhere else.
///
/// [Session] takes an [Event] and gives the next session and its [Effect]s. It knows which leases
/// it holds, what became of them and what it last said; it knows no socket, process, clock or
/// thread. The one core thread of `rookery.agent` feeds it, and the farm's simulation does the
/// same.
///
/// Not here: how a step is done (`recipe`, `steps`) and how a report travels (`link`). Pure; any
/// thread, since sessions are values.
@NullMarked
package rookery.agent.session;

import org.jspecify.annotations.NullMarked;
