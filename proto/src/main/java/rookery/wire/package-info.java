/// Wire messages to the model's values and back: the only reader of the generated `rookery.v1`.
///
/// What comes from a wire is hostile: everything that is not a valid value is refused here with
/// blame SPEC, naming the field. What goes out is complete. The same bytes are what the coordinator
/// saves, so a message that was readable once stays readable. Pure; any thread.
@NullMarked
package rookery.wire;

import org.jspecify.annotations.NullMarked;
