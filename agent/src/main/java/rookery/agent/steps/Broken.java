package rookery.agent.steps;

import java.util.List;
import rookery.model.Failure;

/// Ends a step early with a failure that is already sorted out. Never leaves this package.
final class Broken extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Failure failure;

    Broken(Failure failure) {
        super(failure.message());
        this.failure = failure;
    }

    Broken(Failure.Kind kind, String message) {
        this(new Failure(kind, message));
    }

    Broken(Failure.Kind kind, String message, List<String> excerpt) {
        this(new Failure(kind, message, excerpt));
    }

    Failure failure() {
        return failure;
    }
}
