package rookery.elf.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import rookery.elf.bytes.Source;
import rookery.elf.bytes.UnreadableException;

/// A file as a source, for one inspection on one thread. The first page is read once: it holds all
/// that decides the linkage of nearly every file.
final class FileSource implements Source {
    private static final int FIRST_PAGE_BYTES = 4096;
    private static final int WINDOW_BYTES = 4096;

    private final FileChannel channel;
    private final long sizeBytes;
    private final MemorySegment firstPage;
    private MemorySegment window;
    private long windowStart;

    private FileSource(FileChannel channel, long sizeBytes) {
        this.channel = channel;
        this.sizeBytes = sizeBytes;
        this.firstPage = read(0, Math.min(FIRST_PAGE_BYTES, sizeBytes));
        this.window = firstPage;
    }

    static FileSource of(FileChannel channel) throws IOException {
        return new FileSource(channel, channel.size());
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public MemorySegment slice(long offset, long length) {
        Source.checkRange(offset, length, sizeBytes);
        if (offset + length <= firstPage.byteSize()) {
            return firstPage.asSlice(offset, length);
        }
        if (length > WINDOW_BYTES) {
            return read(offset, length);
        }
        // Linked tables are read 16 bytes at a time, one behind the other: one system call for many
        // of them.
        if (offset < windowStart || offset + length > windowStart + window.byteSize()) {
            window = read(offset, Math.min(WINDOW_BYTES, sizeBytes - offset));
            windowStart = offset;
        }
        return window.asSlice(offset - windowStart, length);
    }

    private MemorySegment read(long offset, long length) {
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(length));
        try {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, offset + buffer.position()) < 0) {
                    throw new UnreadableException(
                            offset + buffer.position(),
                            "the file became shorter while it was read");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return MemorySegment.ofArray(buffer.array());
    }
}
