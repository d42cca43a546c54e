/// A whole farm in one thread and virtual time: the real `Farm`, `Scheduler`, turn of the loop and
/// agents' `Session`, in a world of machines, disks, streams and registries that fail under a seed.
///
/// One seed is one history. After each event the [Oracle] checks what must always hold; then the
/// faults stop and every job must end. A violation names its seed, and the seed gives the same
/// history again. Nothing here knows a real clock, thread, disk or socket.
@NullMarked
package rookery.sim;

import org.jspecify.annotations.NullMarked;
