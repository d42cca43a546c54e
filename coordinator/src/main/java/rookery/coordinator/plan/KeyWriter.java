package rookery.coordinator.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import rookery.oci.Digest;

/// Feeds named values into a digest so that no two different sequences of values give the same
/// bytes: every value is preceded by its length, every list by its size.
final class KeyWriter {
    /// What most keys need.
    private static final int FIRST_BYTES = 2_048;

    // All is hashed at once: piece by piece costs the hash more than the rest.
    private byte[] all = new byte[FIRST_BYTES];
    private int size;

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
        return Digest.of(Arrays.copyOf(all, size));
    }

    private void bytes(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        length(bytes.length);
        grow(bytes.length);
        System.arraycopy(bytes, 0, all, size, bytes.length);
        size += bytes.length;
    }

    /// Big-endian.
    private void length(int length) {
        grow(Integer.BYTES);
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE)
            all[size++] = (byte) (length >>> shift);
    }

    private void grow(int by) {
        if (size + by > all.length) all = Arrays.copyOf(all, Math.max(2 * all.length, size + by));
    }
}
