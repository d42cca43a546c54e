package rookery.coordinator.trust;

import io.grpc.Status;

/// What the farm's books say no to. The message names the remedy.
public final class Refused extends RuntimeException {
    /// What the refusal is about.
    public enum Kind {
        /// Who it is: no certificate or token, or one that does not count.
        WHO,
        /// A known caller who may not do this.
        MAY_NOT,
        /// The request is not well formed.
        MALFORMED,
        /// Somebody else has the name.
        TAKEN,
        /// There is no such thing in the books.
        UNKNOWN,
        /// A bound was reached.
        TOO_MANY
    }

    private final Kind kind;

    Refused(Kind kind, String sentence) {
        super(sentence);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /// The same for HTTP.
    public int httpStatus() {
        return switch (kind) {
            case WHO -> 401;
            case MAY_NOT -> 403;
            case MALFORMED -> 400;
            case TAKEN -> 409;
            case UNKNOWN -> 404;
            case TOO_MANY -> 429;
        };
    }

    Status status() {
        Status status =
                switch (kind) {
                    case WHO -> Status.UNAUTHENTICATED;
                    case MAY_NOT -> Status.PERMISSION_DENIED;
                    case MALFORMED -> Status.INVALID_ARGUMENT;
                    case TAKEN -> Status.ALREADY_EXISTS;
                    case UNKNOWN -> Status.NOT_FOUND;
                    case TOO_MANY -> Status.RESOURCE_EXHAUSTED;
                };
        return status.withDescription(getMessage());
    }
}
