package rookery.oci;

import java.util.regex.Pattern;

/// The grammar of a tag, from the OCI distribution specification.
public final class Tag {
    private static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

    private Tag() {}

    /// The text itself where it is a tag; throws otherwise.
    public static String check(String text) {
        if (!GRAMMAR.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a tag is up to 128 of A-Z a-z 0-9 _ . -, and begins with none of the last two;"
                            + " found '"
                            + Printable.clip(text)
                            + "'");
        }
        return text;
    }
}
