package rookery.oci.archive;

import java.io.IOException;

/// An archive, or a tree that was to become one, is refused. The message names the entry and what
/// is wrong with it.
public final class ArchiveException extends IOException {
    private static final long serialVersionUID = 1;

    /// Why, for a caller that decides by it.
    public enum Kind {
        /// A name or a link that leaves the root.
        ESCAPE,
        /// More, larger or denser than the limits allow.
        LIMIT,
        /// A device, a pipe, or another kind of entry that nobody here needs.
        FORBIDDEN,
        /// Broken or cut off, or two entries that contradict each other.
        MALFORMED
    }

    private final Kind kind;

    public ArchiveException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public ArchiveException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
