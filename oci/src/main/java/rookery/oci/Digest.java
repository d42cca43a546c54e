package rookery.oci;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The SHA-256 of a blob's bytes; also the blob's name in every store. Other algorithms are
/// refused: one name per blob keeps "do we have it?" a single question.
public record Digest(String hex) implements Comparable<Digest> {
    private static final int DIGITS = 64;
    private static final String PREFIX = "sha256:";

    public Digest {
        if (!isHex(hex)) {
            throw new IllegalArgumentException(
                    "a digest is 64 lower-case hex digits, not '" + Printable.clip(hex) + "'");
        }
    }

    // A busy farm makes thousands of these a second; a pattern would be a tenth of its time.
    private static boolean isHex(String text) {
        if (text.length() != DIGITS) return false;
        for (int i = 0; i < DIGITS; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) return false;
        }
        return true;
    }

    /// Reads the form `sha256:<hex>`.
    public static Digest parse(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new IllegalArgumentException(
                    "a digest begins with 'sha256:'; found '" + Printable.clip(text) + "'");
        }
        return new Digest(text.substring(PREFIX.length()));
    }

    /// The digest of these bytes. For files and streams see `rookery.oci.layout.Sha256`.
    public static Digest of(byte[] bytes) {
        return ofHash(newHash().digest(bytes));
    }

    /// Wraps 32 bytes that a SHA-256 computation gave.
    public static Digest ofHash(byte[] sha256) {
        return new Digest(HexFormat.of().formatHex(sha256));
    }

    /// A fresh SHA-256 computation; every Java runtime has one.
    public static MessageDigest newHash() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }

    @Override
    public int compareTo(Digest other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return PREFIX + hex;
    }
}
