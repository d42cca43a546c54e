package rookery.elf.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import rookery.elf.bytes.Source;
import rookery.elf.bytes.UnreadableException;
import rookery.elf.bytes.View;

/// A file as a source, for one inspection on one thread. The first page is read once: it holds all
/// that decides the linkage of nearly every file.
final class FileSource implements Source {
    private static final int FIRST_PAGE_BYTES = 4096;
    private static final int WINDOW_BYTES = 4096;

    private final FileChannel channel;
    private final long sizeBytes;
    private final byte[] firstPage;
    private byte[] window;
    private long windowStart;
    private byte[] found;

    private FileSource(FileChannel channel, long sizeBytes) {
        this.channel = channel;
        this.sizeBytes = sizeBytes;
        this.firstPage = read(0, Math.min(FIRST_PAGE_BYTES, sizeBytes));
        this.window = firstPage;
        this.found = firstPage;
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
        int at = find(offset, length);
        return MemorySegment.ofArray(found).asSlice(at, length).asReadOnly();
    }

    @Override
    public View view(long offset, long length, ByteOrder order) {
        int at = find(offset, length);
        return View.of(found, at, (int) length, offset, order);
    }

    /// Sets `found` to an array that holds the range, and returns where in it the range begins.
    private int find(long offset, long length) {
        Source.checkRange(offset, length, sizeBytes);
        if (offset + length <= firstPage.length) {
            found = firstPage;
            return (int) offset;
        }
        if (length > WINDOW_BYTES) {
            found = read(offset, length);
            return 0;
        }
        // Linked tables are read 16 bytes at a time, one behind the other: one system call for many
        // of them.
        if (offset < windowStart || offset + length > windowStart + window.length) {
            window = read(offset, Math.min(WINDOW_BYTES, sizeBytes - offset));
            windowStart = offset;
        }
        found = window;
        return (int) (offset - windowStart);
    }

    @Override
    public void copy(long offset, int length, byte[] target) {
        Source.checkRange(offset, length, sizeBytes);
        read(offset, length, target);
    }

    private byte[] read(long offset, long length) {
        byte[] bytes = new byte[Math.toIntExact(length)];
        read(offset, bytes.length, bytes);
        return bytes;
    }

    private void read(long offset, int length, byte[] target) {
        ByteBuffer buffer = ByteBuffer.wrap(target, 0, length);
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
    }
}
