package rookery.model;

/// What may stand in an id: it appears in file names, logs, URLs and SQL.
final class Ids {
    private static final int CHARS = 300;

    private Ids() {}

    static void check(String what, String value) {
        if (value.length() > CHARS)
            throw new IllegalArgumentException(
                    "a " + what + " has at most " + CHARS + " characters");
        boolean first = true;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '/' ? first : !fits(c, first)) throw refused(what, value);
            first = c == '/';
        }
        // Also what is empty or ends with a slash has a segment without characters.
        if (first) throw refused(what, value);
    }

    private static boolean fits(char c, boolean first) {
        boolean word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        return word || c == '_' || (!first && "._+@:~-".indexOf(c) >= 0);
    }

    private static IllegalArgumentException refused(String what, String value) {
        return new IllegalArgumentException(
                "a "
                        + what
                        + " is made of letters, digits and ._+@:~- between slashes, not '"
                        + value
                        + "'");
    }
}
