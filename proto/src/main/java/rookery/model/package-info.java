/// The values that every part of the farm speaks of: what a job asks for ([JobSpec]), what one step
/// of its plan is ([Work]), what came of it ([Outcome]), and who is to blame when nothing did
/// ([Blame], [Failure]).
///
/// Pure: values in, values out; a value that exists is valid. The one table of platforms, CHOSTs
/// and CPU levels ([Target]) and the one table of bounds ([Limits]) live here too, so nothing else
/// switches on the name of an architecture. Turning wire messages into these values is
/// `rookery.wire`'s work. Any thread may use them.
@NullMarked
package rookery.model;

import org.jspecify.annotations.NullMarked;
