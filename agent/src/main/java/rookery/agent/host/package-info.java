/// What this machine is and has: the facts that the agent tells the coordinator.
///
/// [HostFacts] gathers them. [HostTools] is the fingerprint of what a build can reach of the
/// machine's own programs, which stands in the key of every result. [PortableToolchain] is the one
/// place where the toolchain's versions are pinned, and the way to its resources.
///
/// Not here: whether a machine's walls work (`exec`), where caches lie (`workspace`). Blocking file
/// work, done once at the start; any thread.
@NullMarked
package rookery.agent.host;

import org.jspecify.annotations.NullMarked;
