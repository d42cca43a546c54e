/// Does what the farm asks the coordinator itself to do: looks results up, reads merge graphs,
/// inspects binaries, writes images, pushes them. Each effect runs on a virtual thread and ends
/// with exactly one event; what is CPU work (hashing, compressing, inspecting) waits for one of as
/// many permits as the machine has cores.
///
/// What a good binary is, is the inspector's to say; what an image holds, `image`'s.
@NullMarked
package rookery.coordinator.work;

import org.jspecify.annotations.NullMarked;
