package rookery.coordinator.web.page;

/// Makes foreign text safe to stand between other text: no control characters, nothing that turns
/// the direction of writing round or takes no space. That HTML means nothing in it is the
/// templates' work.
final class Clean {
    private static final int CHARS = 4_000;

    private Clean() {}

    /// The text on one line; what has no business there becomes `?`.
    static String line(String text) {
        return line(text, CHARS);
    }

    static String line(String text, int limit) {
        var out = new StringBuilder(Math.min(text.length(), limit));
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (out.length() >= limit) return out.append('…').toString();
            if (c == '\n' || c == '\t') out.append(' ');
            else if (isOdd(c)) out.append('?');
            else out.appendCodePoint(c);
        }
        return out.toString();
    }

    /// Whether a character is one that a reader cannot see, or that changes how others are seen.
    static boolean isOdd(int c) {
        int type = Character.getType(c);
        return Character.isISOControl(c)
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE
                || type == Character.PRIVATE_USE
                || isBlank(c);
    }

    /// Letters of some script that are drawn as nothing at all.
    private static boolean isBlank(int c) {
        return c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0 || c == 0x2800;
    }
}
