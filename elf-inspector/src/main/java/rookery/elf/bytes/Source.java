package rookery.elf.bytes;

import java.lang.foreign.MemorySegment;

/// Bytes that can be read piece by piece: a file, an archive member, an array.
public interface Source {
    long sizeBytes();

    /// The bytes from `offset` on, exactly `length` of them, for reading only. Both are unsigned
    /// numbers that a hostile file may have named.
    ///
    /// @throws UnreadableException when they are not all there
    MemorySegment slice(long offset, long length);

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
