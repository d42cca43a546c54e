package rookery.elf.bytes;

/// The bytes at an offset cannot mean what the format says they should: the one way in which
/// malformed input surfaces.
public final class UnreadableException extends RuntimeException {
    private final long offsetBytes;
    private final String reason;

    /// `offsetBytes` counts from the start of the file and is unsigned, since it may come from the
    /// file itself.
    public UnreadableException(long offsetBytes, String reason) {
        // Hostile files fail thousands of times in a scan, and the offset says more than a stack
        // trace.
        super("byte " + Long.toUnsignedString(offsetBytes) + ": " + reason, null, false, false);
        this.offsetBytes = offsetBytes;
        this.reason = reason;
    }

    public long offsetBytes() {
        return offsetBytes;
    }

    public String reason() {
        return reason;
    }
}
