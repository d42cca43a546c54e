package rookery.coordinator.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import rookery.oci.Digest;

/// Feeds named values into a digest so that no two different sequences of values give the same
/// bytes: every value is preceded by its length, every list by its size.
final class KeyWriter {
    private static final int LENGTH = Integer.BYTES;

    private final MessageDigest hash = Digest.newHash();

    KeyWriter put(String name, String value) {
        bytes(name);
        bytes(value);
        return this;
    }

    KeyWriter put(String name, Digest value) {
        return put(name, value.toString());
    }

    KeyWriter put(String name, List<String> values) {
        bytes(name);
        hash.update(length(values.size()));
        values.forEach(this::bytes);
        return this;
    }

    Digest digest() {
        return Digest.ofHash(hash.digest());
    }

    private void bytes(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        var framed = Arrays.copyOf(length(bytes.length), LENGTH + bytes.length);
        System.arraycopy(bytes, 0, framed, LENGTH, bytes.length);
        hash.update(framed);
    }

    /// Big-endian. Given to the hash whole: byte by byte costs it more than the rest.
    private static byte[] length(int length) {
        return new byte[] {
            (byte) (length >>> 24), (byte) (length >>> 16), (byte) (length >>> 8), (byte) length
        };
    }
}
