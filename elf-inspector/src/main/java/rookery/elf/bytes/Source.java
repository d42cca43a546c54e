package rookery.elf.bytes;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/// Bytes that can be read piece by piece: a file, an archive member, an array.
public interface Source {
    long sizeBytes();

    /// The bytes from `offset` on, exactly `length` of them, for reading only. Both are unsigned
    /// numbers that a hostile file may have named.
    ///
    /// @throws UnreadableException when they are not all there
    MemorySegment slice(long offset, long length);

    /// The same bytes as numbers in an order. Sources that read into arrays answer without a
    /// segment.
    ///
    /// @throws UnreadableException when they are not all there
    default View view(long offset, long length, ByteOrder order) {
        return new View(slice(offset, length), offset, order);
    }

    /// Copies bytes to the start of an array that is long enough.
    ///
    /// @throws UnreadableException when they are not all there
    default void copy(long offset, int length, byte[] target) {
        view(offset, length, ByteOrder.LITTLE_ENDIAN).copyTo(target);
    }

    /// Bytes that are in memory already.
    static Source of(MemorySegment bytes) {
        MemorySegment readOnly = bytes.asReadOnly();
        return new Source() {
            @Override
            public long sizeBytes() {
                return readOnly.byteSize();
            }

            @Override
            public MemorySegment slice(long offset, long length) {
                checkRange(offset, length, readOnly.byteSize());
                return readOnly.asSlice(offset, length);
            }
        };
    }

    /// A part of another source, such as a member of an archive, as a source of its own.
    ///
    /// @throws UnreadableException when the part is not wholly there
    static Source part(Source whole, long offset, long size) {
        checkRange(offset, size, whole.sizeBytes());
        return new Source() {
            @Override
            public long sizeBytes() {
                return size;
            }

            @Override
            public MemorySegment slice(long at, long length) {
                checkRange(at, length, size);
                return whole.slice(offset + at, length);
            }

            @Override
            public View view(long at, long length, ByteOrder order) {
                checkRange(at, length, size);
                return whole.view(offset + at, length, order).at(at);
            }

            @Override
            public void copy(long at, int length, byte[] target) {
                checkRange(at, length, size);
                whole.copy(offset + at, length, target);
            }
        };
    }

    /// Refuses a range that is not wholly inside `size` bytes. A negative number here is an
    /// unsigned one of 2^63 or more, which no file reaches.
    static void checkRange(long offset, long length, long size) {
        if (offset < 0 || length < 0 || offset > size || length > size - offset) {
            throw new UnreadableException(
                    offset,
                    Long.toUnsignedString(length)
                            + " bytes wanted, but the file ends at byte "
                            + size);
        }
    }
}
