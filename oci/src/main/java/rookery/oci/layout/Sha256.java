package rookery.oci.layout;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import rookery.oci.Blob;
import rookery.oci.Digest;

/// SHA-256 of files and streams. The JDK's own implementation is an intrinsic of the virtual
/// machine and faster than a disk.
public final class Sha256 {
    static final int BUFFER_BYTES = 64 * 1024;

    private Sha256() {}

    /// The digest and the length of the file's bytes.
    public static Blob of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return of(in);
        }
    }

    /// The digest and the length of what is left of the stream, which is read to its end and not
    /// closed.
    public static Blob of(InputStream in) throws IOException {
        MessageDigest hash = Digest.newHash();
        var buffer = new byte[BUFFER_BYTES];
        long size = 0;
        for (int n; (n = in.read(buffer)) >= 0; size += n) {
            hash.update(buffer, 0, n);
        }
        return new Blob(Digest.ofHash(hash.digest()), size);
    }
}
