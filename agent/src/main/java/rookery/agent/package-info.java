/// The agent's door: [Agent#start] builds everything below it, top to bottom, and closes it in
/// reverse.
///
/// One platform thread runs the pure `session`; streams, timers and steps hand it events through a
/// bounded queue. Each step has a virtual thread of its own, which an interrupt ends.
///
/// Not here: anything that a package below has a word for.
@NullMarked
package rookery.agent;

import org.jspecify.annotations.NullMarked;
