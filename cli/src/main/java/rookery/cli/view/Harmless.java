package rookery.cli.view;

/// Makes foreign text safe for a terminal: no escape sequences, no carriage returns, nothing that
/// turns the direction of writing round.
public final class Harmless {
    private static final int TAB = 4;

    private Harmless() {}

    /// The text on one line: line breaks become blanks, other control characters `?`.
    public static String line(String text) {
        if (isPlain(text)) return text;
        var out = new StringBuilder(text.length());
        text.codePoints()
                .forEach(c -> {
                    if (c == '\t') out.repeat(' ', TAB);
                    else if (c == '\n') out.append(' ');
                    else if (isOdd(c)) out.append('?');
                    else out.appendCodePoint(c);
                });
        return out.toString();
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') return false;
        }
        return true;
    }

    /// At most so many characters, with an ellipsis where something was cut.
    public static String brief(String text, int chars) {
        String line = line(text).strip();
        return line.length() <= chars ? line : line.substring(0, chars - 1) + "…";
    }

    private static boolean isOdd(int c) {
        int type = Character.getType(c);
        return Character.isISOControl(c)
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE
                || type == Character.PRIVATE_USE;
    }
}
