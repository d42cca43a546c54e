package rookery.elf.bytes;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The NUL-terminated names of a file, found by their offset in a table.
///
/// Every name that is copied out is paid from the budget: overlapping names could otherwise turn a
/// small file into gigabytes of strings. A table for a few names remembers them, so that the same
/// name is paid once.
public final class StringTable {
    /// Longer names are cut: no linker writes them, and no person reads them.
    public static final int MAX_NAME_BYTES = 4096;

    private static final long SPARSE_WINDOW_BYTES = 2L * MAX_NAME_BYTES;

    private final Input input;
    private final long offset;
    private final long size;
    private final boolean whole;
    private final Map<Long, String> known = new TreeMap<>();
    private byte @Nullable [] window;
    private long windowStart;

    private StringTable(Input input, long offset, long size, boolean whole) {
        Source.checkRange(offset, size, input.sizeBytes());
        this.input = input;
        this.offset = offset;
        this.size = size;
        this.whole = whole;
    }

    /// For a few names: reads a page around each.
    public static StringTable sparse(Input input, long offset, long size) {
        return new StringTable(input, offset, size, false);
    }

    /// For all names: reads the table once.
    public static StringTable whole(Input input, long offset, long size) {
        return new StringTable(input, offset, size, true);
    }

    /// The name that starts at `index` bytes into the table.
    public String at(long index) {
        if (index < 0 || index >= size) {
            throw new UnreadableException(
                    offset,
                    "a name at "
                            + Long.toUnsignedString(index)
                            + " lies outside its string table of "
                            + size
                            + " bytes");
        }
        if (whole) {
            return read(index);
        }
        String name = known.get(index);
        if (name == null) {
            name = read(index);
            known.put(index, name);
        }
        return name;
    }

    private String read(long index) {
        long wanted = Math.min(MAX_NAME_BYTES, size - index);
        byte[] bytes = window;
        if (bytes == null || index < windowStart || index + wanted > windowStart + bytes.length) {
            windowStart = whole ? 0 : index;
            long length = whole ? size : Math.min(SPARSE_WINDOW_BYTES, size - index);
            bytes =
                    input.view(offset + windowStart, length, ByteOrder.LITTLE_ENDIAN)
                            .bytes(0, length);
            window = bytes;
        }
        int start = (int) (index - windowStart);
        int end = start;
        while (end < start + wanted && bytes[end] != 0) {
            end++;
        }
        input.budget().spendStringBytes(1L + end - start, offset + index);
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }
}
