package rookery.elf;

/// Makes text from a file safe for a terminal: a library's name may hold escape sequences.
final class Printable {
    private static final int MAX_CHARS = 4096;

    private Printable() {}

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return text.length() <= MAX_CHARS;
    }

    static String of(String text) {
        if (isPlain(text)) {
            return text;
        }
        StringBuilder safe = new StringBuilder();
        int length = Math.min(text.length(), MAX_CHARS);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                safe.append("\\u%04x".formatted((int) c));
            } else {
                safe.append(c);
            }
        }
        return length < text.length() ? safe.append('…').toString() : safe.toString();
    }
}
