package rookery.elf.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import rookery.elf.bytes.Source;
import rookery.elf.bytes.UnreadableException;

/// A file as a source. The first page is read once: it holds all that decides the linkage of nearly
/// every file.
final class FileSource implements Source {
    private static final int FIRST_PAGE_BYTES = 4096;

    private final FileChannel channel;
    private final long sizeBytes;
    private final MemorySegment firstPage;

    private FileSource(FileChannel channel, long sizeBytes) {
        this.channel = channel;
        this.sizeBytes = sizeBytes;
        this.firstPage = read(0, Math.min(FIRST_PAGE_BYTES, sizeBytes));
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
        return offset + length <= firstPage.byteSize()
                ? firstPage.asSlice(offset, length)
                : read(offset, length);
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
        return MemorySegment.ofArray(buffer.array()).asReadOnly();
    }
}
