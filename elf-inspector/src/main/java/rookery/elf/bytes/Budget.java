package rookery.elf.bytes;

/// What one inspection may spend on one file: bytes read, table entries visited, characters copied
/// out, bytes unpacked.
///
/// A file of 1 MB can name 8,192 strings of 1 MiB each, all inside its bounds; only counting what
/// is *produced* stops that.
public final class Budget {
    /// Enough for the headers, dynamic sections and notes of real files a hundred times over.
    public static final Limits VERDICT = new Limits(64L << 20, 400_000, 4L << 20, 1L << 20);

    /// For contents: symbols of the largest libraries, and a search through every loaded byte.
    public static final Limits DEEP = new Limits(4L << 30, 4_000_000, 128L << 20, 128L << 20);

    /// The four bounds.
    ///
    /// @param inflatedBytes of packed sections, before and after unpacking
    public record Limits(long bytes, long entries, long stringBytes, long inflatedBytes) {
        public Limits {
            if (bytes <= 0 || entries <= 0 || stringBytes <= 0 || inflatedBytes <= 0) {
                throw new IllegalArgumentException(
                        "a budget of %d bytes, %d entries, %d string bytes, %d unpacked buys nothing"
                                .formatted(bytes, entries, stringBytes, inflatedBytes));
            }
        }
    }

    private final Limits limits;
    private long bytes;
    private long entries;
    private long stringBytes;
    private long inflatedBytes;

    public Budget(Limits limits) {
        this.limits = limits;
    }

    void spendBytes(long count, long offset) {
        if (count > limits.bytes - bytes) {
            throw spent(offset, limits.bytes, "bytes to read");
        }
        bytes += count;
    }

    /// Counts table entries before a loop visits them.
    public void spendEntries(long count, long offset) {
        if (count < 0 || count > limits.entries - entries) {
            throw spent(offset, limits.entries, "table entries");
        }
        entries += count;
    }

    void spendStringBytes(long count, long offset) {
        if (count > limits.stringBytes - stringBytes) {
            throw spent(offset, limits.stringBytes, "bytes of names");
        }
        stringBytes += count;
    }

    /// Counts what a packed section is said to become, before it is unpacked.
    public void spendInflated(long count, long offset) {
        if (count < 0 || count > limits.inflatedBytes - inflatedBytes) {
            throw spent(offset, limits.inflatedBytes, "bytes to unpack");
        }
        inflatedBytes += count;
    }

    private static UnreadableException spent(long offset, long limit, String of) {
        return new UnreadableException(offset, "the file asks for more than " + limit + " " + of);
    }
}
