package rookery.model;

import java.util.List;
import java.util.regex.Pattern;

/// A source archive that an ebuild names, with what its Manifest says of it.
///
/// @param name the file's name in DISTDIR
/// @param blake2b and `sha512`: lower-case hex, both must fit
/// @param uris where it may be found, in SRC_URI's order; may be empty (mirrors only)
public record Distfile(
        String name, long sizeBytes, String blake2b, String sha512, List<String> uris) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+~@:-]{0,254}");
    private static final int HASH_DIGITS = 128;

    public Distfile {
        if (!NAME.matcher(name).matches())
            throw new IllegalArgumentException("'" + name + "' is no distfile's name");
        if (sizeBytes < 0 || sizeBytes > Limits.DISTFILE_BYTES)
            throw new IllegalArgumentException(
                    name + ": a distfile has at most " + Limits.DISTFILE_BYTES + " bytes");
        if (!isHash(blake2b) || !isHash(sha512))
            throw new IllegalArgumentException(
                    name + ": BLAKE2B and SHA512 are 128 hex digits each");
        uris = List.copyOf(uris);
    }

    // No pattern: a start reads these by the hundred thousand.
    private static boolean isHash(String text) {
        if (text.length() != HASH_DIGITS) return false;
        for (int i = 0; i < HASH_DIGITS; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) return false;
        }
        return true;
    }
}
