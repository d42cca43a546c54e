/// Doing one order from end to end: stage its inputs, run its commands, collect its results.
///
/// [Steps] is the door. Each kind of step is one small class over the same [Bench] (blobs, cache,
/// sandbox, toolchain). What can go wrong with a step is an [rookery.model.Outcome.Broke] with the
/// blame that decides its retry; [Excerpt] finds the lines of the log that tell why.
///
/// Not here: command lines (`recipe`), walls (`exec`), where results are reported (`session`,
/// `link`). Blocking: a step belongs to one virtual thread, and an interrupt ends it.
@NullMarked
package rookery.agent.steps;

import org.jspecify.annotations.NullMarked;
