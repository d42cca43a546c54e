package rookery.sim;

import com.google.errorprone.annotations.FormatMethod;

/// Something happened that must never happen.
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    @FormatMethod
    Violation(String what, Object... about) {
        super(String.format(what, about));
    }
}
