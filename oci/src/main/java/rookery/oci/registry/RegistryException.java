package rookery.oci.registry;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A registry did not do what we asked. The message says what we were doing, to what, what it
/// answered, and what the reader can do.
public final class RegistryException extends IOException {
    private static final long serialVersionUID = 1;

    /// Who can help.
    public enum Kind {
        /// Not logged in, or not allowed to: the owner of the credentials.
        DENIED,
        /// No answer, or "not now", also after several tries: time.
        UNREACHABLE,
        /// The registry understood and will not: whoever wrote the specification.
        REFUSED,
        /// The answer breaks the protocol or is a trap: the registry's operator.
        BROKEN
    }

    private final Kind kind;
    private final transient Optional<Duration> retryAfter;
    private final boolean worthRetrying;

    private RegistryException(
            Kind kind,
            String message,
            @Nullable Throwable cause,
            boolean worthRetrying,
            Optional<Duration> retryAfter) {
        super(message, cause);
        this.kind = kind;
        this.worthRetrying = worthRetrying;
        this.retryAfter = retryAfter;
    }

    RegistryException(Kind kind, String message) {
        this(kind, message, null, false, Optional.empty());
    }

    RegistryException(Kind kind, String message, @Nullable Throwable cause) {
        this(kind, message, cause, false, Optional.empty());
    }

    /// An error that may be gone in a moment.
    static RegistryException passing(
            String message, @Nullable Throwable cause, Optional<Duration> retryAfter) {
        return new RegistryException(Kind.UNREACHABLE, message, cause, true, retryAfter);
    }

    public Kind kind() {
        return kind;
    }

    boolean isWorthRetrying() {
        return worthRetrying;
    }

    Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
