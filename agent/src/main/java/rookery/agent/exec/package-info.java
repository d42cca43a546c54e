/// Starting processes: behind walls, watched, ended whole.
///
/// [Sandbox] turns a [rookery.agent.recipe.SandboxCommand] into a bubblewrap process with its own
/// user, mount, PID, network, IPC and UTS namespaces, waits for it and for everything that it
/// started, and says how it ended. [HostCommand] runs the agent's own few trusted tools (pip, cp,
/// apt-get) without walls. [LogSink] is where their words go, [Collected] how results leave.
///
/// Not here: what is run (`recipe`) and what its result means (`steps`). Calls block; each belongs
/// to one virtual thread. The processes themselves are started by one platform thread ([Spawner]).
@NullMarked
package rookery.agent.exec;

import org.jspecify.annotations.NullMarked;
