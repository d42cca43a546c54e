package rookery.agent.recipe;

import java.util.ArrayList;
import java.util.List;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// Go's `-ldflags`: its own small quoting, and what the farm adds to the user's.
///
/// Go splits at blanks; a word that begins with a quote ends at the next same quote, and nothing
/// can be escaped.
final class LinkerFlags {
    private static final String EXTERNAL = "extldflags";

    private LinkerFlags() {}

    /// The one argument for `-ldflags`. The user's flags come first, so that the farm's win; the
    /// user's flags for the C linker are kept, with `-static` after them.
    static String join(List<String> users, String buildId) {
        var words = new ArrayList<String>();
        var external = new ArrayList<String>();
        List<String> given = users.stream().flatMap(u -> split(u).stream()).toList();
        for (int i = 0; i < given.size(); i++) {
            String word = given.get(i);
            String flag = word.startsWith("--") ? word.substring(1) : word;
            if (flag.equals("-" + EXTERNAL) && i + 1 < given.size()) {
                external.add(given.get(++i));
            } else if (flag.startsWith("-" + EXTERNAL + "=")) {
                external.add(flag.substring(EXTERNAL.length() + 2));
            } else {
                words.add(word);
            }
        }
        external.add("-static");
        words.addAll(
                List.of(
                        "-linkmode",
                        "external",
                        "-" + EXTERNAL,
                        String.join(" ", external),
                        "-buildid=",
                        "-B",
                        buildId));
        return String.join(" ", words.stream().map(LinkerFlags::quote).toList());
    }

    static List<String> split(String text) {
        var words = new ArrayList<String>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (isBlank(c)) {
                at++;
            } else if (c == '"' || c == '\'') {
                int end = text.indexOf(c, at + 1);
                if (end < 0)
                    throw new RookeryException(
                            Blame.SPEC,
                            "the ldflags '" + text + "' open a quote that they never close");
                words.add(text.substring(at + 1, end));
                at = end + 1;
            } else {
                int end = at;
                while (end < text.length() && !isBlank(text.charAt(end))) end++;
                words.add(text.substring(at, end));
                at = end;
            }
        }
        return words;
    }

    private static String quote(String word) {
        boolean needed =
                word.isEmpty()
                        || word.chars().anyMatch(c -> isBlank((char) c) || c == '"' || c == '\'');
        if (!needed) return word;
        if (word.indexOf('"') < 0) return '"' + word + '"';
        if (word.indexOf('\'') < 0) return '\'' + word + '\'';
        throw new RookeryException(
                Blame.SPEC,
                "the linker flag '" + word + "' holds both kinds of quotes, which Go cannot take");
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }
}
