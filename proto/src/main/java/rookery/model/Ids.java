package rookery.model;

import java.util.regex.Pattern;

/// What may stand in an id: it appears in file names, logs, URLs and SQL.
final class Ids {
    private static final int CHARS = 300;
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+@:~-]*");

    private Ids() {}

    static void check(String what, String value) {
        if (value.length() > CHARS)
            throw new IllegalArgumentException(
                    "a " + what + " has at most " + CHARS + " characters");
        for (String segment : value.split("/", -1)) {
            if (!SEGMENT.matcher(segment).matches()) {
                throw new IllegalArgumentException(
                        "a "
                                + what
                                + " is made of letters, digits and ._+@:~- between slashes, not '"
                                + value
                                + "'");
            }
        }
    }
}
