package rookery.elf.bytes;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A piece of a file seen as numbers in one byte order. It remembers where it lies, so that its
/// errors name file offsets.
public final class View {
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

    private final MemorySegment bytes;
    private final long base;
    private final boolean little;

    View(MemorySegment bytes, long base, ByteOrder order) {
        this.bytes = bytes;
        this.base = base;
        this.little = order == ByteOrder.LITTLE_ENDIAN;
    }

    public long sizeBytes() {
        return bytes.byteSize();
    }

    /// The offset in the file of the byte at `at`.
    public long fileOffset(long at) {
        return base + at;
    }

    public int u8(long at) {
        check(at, 1);
        return Byte.toUnsignedInt(bytes.get(ValueLayout.JAVA_BYTE, at));
    }

    public int u16(long at) {
        check(at, 2);
        return Short.toUnsignedInt(bytes.get(little ? LITTLE_16 : BIG_16, at));
    }

    public long u32(long at) {
        return Integer.toUnsignedLong(i32(at));
    }

    /// Four bytes as they are: for flags and codes.
    public int i32(long at) {
        check(at, 4);
        return bytes.get(little ? LITTLE_32 : BIG_32, at);
    }

    /// Eight bytes as an unsigned number: one of 2^63 or more comes out negative and fits no range
    /// check.
    public long u64(long at) {
        check(at, 8);
        return bytes.get(little ? LITTLE_64 : BIG_64, at);
    }

    /// Four or eight bytes: the word of a 32- or 64-bit file.
    public long word(long at, boolean wide) {
        return wide ? u64(at) : u32(at);
    }

    /// Bytes as text, each malformed sequence replaced; NULs are kept.
    public String text(long at, long length) {
        check(at, length);
        return new String(
                bytes.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }

    /// A copy of some bytes.
    public byte[] bytes(long at, long length) {
        check(at, length);
        return bytes.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
    }

    /// Copies all bytes to the start of an array that is long enough.
    void copyTo(byte[] target) {
        MemorySegment.copy(
                bytes, ValueLayout.JAVA_BYTE, 0, target, 0, Math.toIntExact(bytes.byteSize()));
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
            if (bytes.get(ValueLayout.JAVA_BYTE, at + i) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private void check(long at, long length) {
        if (at < 0 || length < 0 || at > bytes.byteSize() - length) {
            throw new UnreadableException(
                    base + at,
                    length
                            + " bytes wanted, but this table ends "
                            + bytes.byteSize()
                            + " bytes after its start");
        }
    }
}
