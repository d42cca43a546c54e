package rookery.elf.bytes;

import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The NUL-terminated names of a file, found by their offset in a table.
///
/// A name asked for twice is copied once, and all copies are paid from the budget: overlapping
/// names could otherwise turn a small file into gigabytes of strings.
public final class StringTable {
    /// Longer names are cut: no linker writes them, and no person reads them.
    public static final int MAX_NAME_BYTES = 4096;

    private final Input input;
    private final long offset;
    private final long size;
    private final long windowBytes;
    private final Map<Long, String> known = new TreeMap<>();
    private @Nullable View window;
    private long windowStart;

    private StringTable(Input input, long offset, long size, long windowBytes) {
        Source.checkRange(offset, size, input.sizeBytes());
        this.input = input;
        this.offset = offset;
        this.size = size;
        this.windowBytes = windowBytes;
    }

    /// For a few names: reads a page around each.
    public static StringTable sparse(Input input, long offset, long size) {
        return new StringTable(input, offset, size, 2L * MAX_NAME_BYTES);
    }

    /// For all names: reads the table once.
    public static StringTable whole(Input input, long offset, long size) {
        return new StringTable(input, offset, size, Math.max(1, size));
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
        String name = known.get(index);
        if (name == null) {
            name = read(index);
            known.put(index, name);
        }
        return name;
    }

    private String read(long index) {
        long wanted = Math.min(MAX_NAME_BYTES, size - index);
        View view = window;
        if (view == null
                || index < windowStart
                || index + wanted > windowStart + view.sizeBytes()) {
            windowStart = windowBytes >= size ? 0 : index;
            view =
                    input.view(
                            offset + windowStart,
                            Math.min(windowBytes, size - windowStart),
                            ByteOrder.LITTLE_ENDIAN);
            window = view;
        }
        String name = view.textUntilNul(index - windowStart, wanted);
        input.budget().spendStringBytes(1 + name.length(), offset + index);
        return name;
    }
}
