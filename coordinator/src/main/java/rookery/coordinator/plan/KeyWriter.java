package rookery.coordinator.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.List;
import rookery.oci.Digest;

/// Feeds named values into a digest so that no two different sequences of values give the same
/// bytes: every value is preceded by its length, every list by its size.
final class KeyWriter {
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
        length(values.size());
        values.forEach(this::bytes);
        return this;
    }

    Digest digest() {
        return Digest.ofHash(hash.digest());
    }

    private void bytes(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        length(bytes.length);
        hash.update(bytes);
    }

    private void length(int length) {
        for (int shift = 24; shift >= 0; shift -= 8) hash.update((byte) (length >>> shift));
    }
}
