/// The command lines of every kind of step: an order, the places where its inputs lie and the
/// machine's facts in, sandboxed commands out.
///
/// [Recipe] is the door, [Place] the table of what a step sees and where. An emerge flag, a Go
/// variable, a mount or a time limit of a step is decided here and nowhere else. Everything a step
/// sees stands in the [SandboxCommand], so a test can read it without running anything.
///
/// Not here: making the places (`steps`), the walls themselves (`exec`), what the scripts inside do
/// (the resources under `rookery/portage`). Pure: paths are text, nothing is looked at. Any thread.
@NullMarked
package rookery.agent.recipe;

import org.jspecify.annotations.NullMarked;
