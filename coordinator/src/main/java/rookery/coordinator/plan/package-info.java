/// From a job's spec to its steps: which there are, what each needs, what names its result.
///
/// Pure: values in, values out, no clock, any thread. [Planner] makes the first steps from the spec
/// alone and grows the plan once Portage has told its merge list. [StepKey] names a step's result
/// by everything that can change it. Which agent gets a step, and when it is tried again, is
/// `farm`'s business.
@NullMarked
package rookery.coordinator.plan;

import org.jspecify.annotations.NullMarked;
