package rookery.elf.bytes;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A piece of a file seen as numbers in one byte order. It remembers where it lies, so that its
/// errors name file offsets.
public final class View {
    /// For memory outside of the heap. Apart, because setting up these layouts takes longer than
    /// inspecting a few hundred files.
    private static final class Layouts {
        private static final ValueLayout.OfShort LITTLE_16 =
                ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        private static final ValueLayout.OfShort BIG_16 =
                ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
        private static final ValueLayout.OfInt LITTLE_32 =
                ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        private static final ValueLayout.OfInt BIG_32 =
                ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
        private static final ValueLayout.OfLong LITTLE_64 =
                ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        private static final ValueLayout.OfLong BIG_64 =
                ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    }

    /// The bytes, unless they are an array.
    private final @Nullable MemorySegment bytes;

    private final long base;
    private final boolean little;
    private final long size;

    /// The array behind the bytes, if they are on the heap.
    private final byte @Nullable [] array;

    /// Where in the array they begin.
    private final int start;

    View(MemorySegment bytes, long base, ByteOrder order) {
        this.base = base;
        this.little = order == ByteOrder.LITTLE_ENDIAN;
        this.size = bytes.byteSize();
        this.array = bytes.heapBase().orElse(null) instanceof byte[] onHeap ? onHeap : null;
        this.bytes = array == null ? bytes : null;
        // For a piece of an array the address is the place in it.
        this.start = array == null ? 0 : Math.toIntExact(bytes.address());
    }

    private View(
            @Nullable MemorySegment bytes,
            byte @Nullable [] array,
            int start,
            long size,
            long base,
            boolean little) {
        this.bytes = bytes;
        this.array = array;
        this.start = start;
        this.size = size;
        this.base = base;
        this.little = little;
    }

    /// A piece of an array, which is `base` bytes into the file. No memory segment is made: the JVM
    /// takes longer to set them up than a few hundred files take.
    public static View of(byte[] array, int start, int length, long base, ByteOrder order) {
        Objects.checkFromIndexSize(start, length, array.length);
        return new View(null, array, start, length, base, order == ByteOrder.LITTLE_ENDIAN);
    }

    /// The same bytes, at another place in another file.
    View at(long otherBase) {
        return new View(bytes, array, start, size, otherBase, little);
    }

    private MemorySegment segment() {
        return Objects.requireNonNull(bytes);
    }

    public long sizeBytes() {
        return size;
    }

    /// The offset in the file of the byte at `at`.
    public long fileOffset(long at) {
        return base + at;
    }

    public int u8(long at) {
        check(at, 1);
        byte[] heap = array;
        return heap != null
                ? heap[start + (int) at] & 0xff
                : Byte.toUnsignedInt(segment().get(ValueLayout.JAVA_BYTE, at));
    }

    public int u16(long at) {
        check(at, 2);
        byte[] heap = array;
        if (heap == null) {
            return Short.toUnsignedInt(
                    segment().get(little ? Layouts.LITTLE_16 : Layouts.BIG_16, at));
        }
        int i = start + (int) at;
        int first = heap[i] & 0xff;
        int second = heap[i + 1] & 0xff;
        return little ? first | second << 8 : first << 8 | second;
    }

    public long u32(long at) {
        return Integer.toUnsignedLong(i32(at));
    }

    /// Four bytes as they are: for flags and codes.
    public int i32(long at) {
        check(at, 4);
        byte[] heap = array;
        return heap != null
                ? int32(heap, start + (int) at)
                : segment().get(little ? Layouts.LITTLE_32 : Layouts.BIG_32, at);
    }

    private int int32(byte[] heap, int i) {
        int value =
                (heap[i] & 0xff)
                        | (heap[i + 1] & 0xff) << 8
                        | (heap[i + 2] & 0xff) << 16
                        | heap[i + 3] << 24;
        return little ? value : Integer.reverseBytes(value);
    }

    /// Eight bytes as an unsigned number: one of 2^63 or more comes out negative and fits no range
    /// check.
    public long u64(long at) {
        check(at, 8);
        byte[] heap = array;
        if (heap == null) {
            return segment().get(little ? Layouts.LITTLE_64 : Layouts.BIG_64, at);
        }
        int i = start + (int) at;
        long first = Integer.toUnsignedLong(int32(heap, i));
        long second = Integer.toUnsignedLong(int32(heap, i + 4));
        return little ? first | second << 32 : first << 32 | second;
    }

    /// Four or eight bytes: the word of a 32- or 64-bit file.
    public long word(long at, boolean wide) {
        return wide ? u64(at) : u32(at);
    }

    /// Bytes as text, each malformed sequence replaced; NULs are kept.
    public String text(long at, long length) {
        check(at, length);
        byte[] heap = array;
        return heap != null
                ? new String(heap, start + (int) at, (int) length, StandardCharsets.UTF_8)
                : new String(bytes(at, length), StandardCharsets.UTF_8);
    }

    /// A copy of some bytes.
    public byte[] bytes(long at, long length) {
        check(at, length);
        byte[] heap = array;
        if (heap != null) {
            int from = start + (int) at;
            return Arrays.copyOfRange(heap, from, from + (int) length);
        }
        return segment().asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Copies all bytes to the start of an array that is long enough.
    void copyTo(byte[] target) {
        byte[] heap = array;
        int length = Math.toIntExact(size);
        if (heap != null) {
            System.arraycopy(heap, start, target, 0, length);
        } else {
            MemorySegment.copy(segment(), ValueLayout.JAVA_BYTE, 0, target, 0, length);
        }
    }

    /// The text up to the first NUL, or all that is left of it.
    public String textUntilNul(long at, long maxBytes) {
        long end = Math.min(sizeBytes(), at + maxBytes);
        long length = 0;
        while (at + length < end && u8(at + length) != 0) {
            length++;
        }
        return text(at, length);
    }

    public boolean startsWith(long at, byte[] wanted) {
        if (at < 0 || at > sizeBytes() - wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if ((byte) u8(at + i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private void check(long at, long length) {
        if (at < 0 || length < 0 || at > size - length) {
            throw new UnreadableException(
                    base + at,
                    length
                            + " bytes wanted, but this table ends "
                            + size
                            + " bytes after its start");
        }
    }
}
