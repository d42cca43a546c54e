package rookery.oci.layout;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import rookery.oci.Blob;
import rookery.oci.Digest;
import rookery.oci.archive.GzipWriter;
import rookery.oci.archive.TarWriter;

/// Streams a layer into a store: tar, hashed for its diff id, gzip, hashed for its digest.
public final class Layers {
    private Layers() {}

    /// A stored layer: the compressed blob, and the digest of the tar inside (for the config).
    public record Layer(Blob blob, Digest diffId) {}

    /// Writes a layer's entries.
    @FunctionalInterface
    public interface Content {
        void writeTo(TarWriter tar) throws IOException;
    }

    /// Stores the layer that this content makes; the same content and time give the same digests.
    public static Layer put(ImageLayout layout, Instant mtime, Content content) throws IOException {
        MessageDigest hash = Digest.newHash();
        try (var blob = layout.incoming()) {
            try (var gzip = new GzipWriter(blob);
                    var tar = new TarWriter(new Hashing(gzip, hash), mtime)) {
                content.writeTo(tar);
            }
            return new Layer(blob.commit(), Digest.ofHash(hash.digest()));
        }
    }

    private static final class Hashing extends OutputStream {
        private final OutputStream out;
        private final MessageDigest hash;

        Hashing(OutputStream out, MessageDigest hash) {
            this.out = out;
            this.hash = hash;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            hash.update(bytes, offset, length);
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }
}
