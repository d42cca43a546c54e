package rookery.oci.layout;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;
import rookery.oci.Digest;

/// A blob being read, hashed on the way. At its end the digest is compared, before the reader
/// learns that it is the end: a reader that reads to the end never takes damaged bytes for good
/// ones.
final class VerifiedInput extends FilterInputStream {
    private final ImageLayout layout;
    private final Digest digest;
    private final Object identity;
    private final MessageDigest hash = Digest.newHash();
    private boolean ended;
    private @Nullable DamagedBlobException damage;

    VerifiedInput(ImageLayout layout, Digest digest, Object identity, InputStream in) {
        super(in);
        this.layout = layout;
        this.digest = digest;
        this.identity = identity;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int n = in.read(bytes, offset, length);
        if (n > 0) {
            hash.update(bytes, offset, n);
        } else if (n < 0 && !ended) {
            ended = true;
            Digest found = Digest.ofHash(hash.digest());
            if (!found.equals(digest)) {
                damage = new DamagedBlobException(digest, found, layout.setAside(digest, identity));
            }
        }
        if (damage != null) {
            throw damage; // again for a reader that asks again: it must never see a plain end
        }
        return n;
    }

    /// Skipping reads: bytes that were jumped over could not be hashed.
    @Override
    public long skip(long count) throws IOException {
        var buffer = new byte[Math.clamp(count, 0, Sha256.BUFFER_BYTES)];
        long skipped = 0;
        while (skipped < count) {
            int n = read(buffer, 0, (int) Math.min(buffer.length, count - skipped));
            if (n < 0) {
                break;
            }
            skipped += n;
        }
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
