package rookery.oci;

/// Makes foreign text fit for an error message: short, and without control characters that could
/// move a terminal's cursor.
public final class Printable {
    /// Longer texts are cut here, with an ellipsis.
    public static final int MAX_CHARS = 120;

    private Printable() {}

    /// At most [#MAX_CHARS] characters of the text, control and format characters as `?`.
    public static String clip(String text) {
        var out = new StringBuilder(Math.min(text.length(), MAX_CHARS) + 1);
        for (int i = 0; i < text.length() && i < MAX_CHARS; i++) {
            char c = text.charAt(i);
            int type = Character.getType(c);
            boolean odd = type == Character.FORMAT || Character.isISOControl(c);
            out.append(odd || type == Character.LINE_SEPARATOR ? '?' : c);
        }
        return text.length() > MAX_CHARS ? out.append('…').toString() : out.toString();
    }
}
