package rookery.model;

import org.jspecify.annotations.Nullable;

/// Something that could not be done, sorted by who can help. The message says what was tried, on
/// what, what was found and what the reader can do.
public sealed class RookeryException extends RuntimeException permits InputLostException {
    private final Blame blame;

    public RookeryException(Blame blame, String message) {
        this(blame, message, null);
    }

    public RookeryException(Blame blame, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.blame = blame;
    }

    public Blame blame() {
        return blame;
    }
}
