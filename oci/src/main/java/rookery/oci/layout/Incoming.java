package rookery.oci.layout;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import rookery.oci.Blob;
import rookery.oci.Digest;

/// A blob that is still being written: hashed on the way, invisible until [#commit()]. Closing it
/// without a commit throws the bytes away, so it belongs into a try-with-resources.
///
/// One thread at a time. Writing -commit-> stored; writing -close-> gone; writing -park-> kept on
/// the disk under its name for [ImageLayout#resume].
public final class Incoming extends OutputStream {
    private final ImageLayout layout;
    private final Path temporary;
    private final long maxBytes;
    private final FileChannel channel;
    private final MessageDigest hash = Digest.newHash();
    private long size;

    private Incoming(ImageLayout layout, Path temporary, long maxBytes, FileChannel channel) {
        this.layout = layout;
        this.temporary = temporary;
        this.maxBytes = maxBytes;
        this.channel = channel;
    }

    static Incoming begin(ImageLayout layout, Path temporary, long maxBytes) throws IOException {
        var channel =
                FileChannel.open(
                        temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new Incoming(layout, temporary, maxBytes, channel);
    }

    static Incoming resume(ImageLayout layout, Path temporary, long maxBytes) throws IOException {
        var channel =
                FileChannel.open(temporary, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            var incoming = new Incoming(layout, temporary, maxBytes, channel);
            var buffer = ByteBuffer.allocate(Sha256.BUFFER_BYTES);
            while (channel.read(buffer) >= 0) {
                incoming.hash.update(buffer.flip());
                buffer.clear();
            }
            incoming.size = channel.position();
            return incoming;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /// How many bytes have come so far.
    public long sizeBytes() {
        return size;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > maxBytes - size) {
            throw new TooLargeException("an incoming blob", maxBytes);
        }
        var buffer = ByteBuffer.wrap(bytes, offset, length);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        hash.update(bytes, offset, length);
        size += length;
    }

    /// Stores what was written under its digest.
    public Blob commit() throws IOException {
        return store(new Blob(Digest.ofHash(hash.digest()), size));
    }

    /// Stores what was written if it has this digest, and throws [WrongDigestException] if not.
    public Blob commit(Digest expected) throws IOException {
        var blob = new Blob(Digest.ofHash(hash.digest()), size);
        if (!blob.digest().equals(expected)) {
            close();
            throw new WrongDigestException(expected, blob);
        }
        return store(blob);
    }

    private Blob store(Blob blob) throws IOException {
        channel.force(true);
        channel.close();
        layout.accept(temporary, blob);
        return blob;
    }

    /// Stops writing and leaves the bytes where they are.
    public void park() throws IOException {
        channel.close();
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(temporary);
    }
}
