package rookery.agent.steps;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import rookery.model.Limits;

/// The few lines of a log that tell most. Compilers print the first error first and a hundred
/// consequences after it, package managers print a summary last: so the first real error with what
/// stands around it, and the end.
final class Excerpt {
    private static final int BEFORE = 3;
    private static final int AFTER = 16;
    private static final int END = 12;
    private static final int LINE_CHARS = 400;

    /// Complaints of gcc, clang, zig, ld, go, make, cmake, configure, Portage and Python.
    private static final Pattern ERROR =
            Pattern.compile(
                    "(?i)\\berror:|fatal error|fatal:|undefined (reference|symbol)|ld(\\.lld)?: |cannot find -l|"
                            + "CMake Error|^ ?\\* ERROR|configure: error|^\\S+\\.go:\\d+:\\d+: |^go: |"
                            + "make(\\[\\d+\\])?: \\*\\*\\*|Traceback|No such file or directory|not found in the pkg-config|"
                            + "Package .* was not found|missing go\\.sum entry|checksum mismatch|No space left");

    /// What looks like an error and is none: configure scripts testing, and flags.
    private static final Pattern HARMLESS =
            Pattern.compile(
                    "(?i)^checking |\\.\\.\\. (no|yes)$|-Werror|-Wno-error|warning:|^\\s*$");

    private static final Pattern ESCAPE = Pattern.compile("\u001b\\[[0-9;?]*[ -/]*[@-~]");

    private Excerpt() {}

    static List<String> of(List<String> log) {
        List<String> lines = log.stream().map(Excerpt::clean).filter(l -> !l.isBlank()).toList();
        int first = -1;
        for (int i = 0; i < lines.size() && first < 0; i++) {
            if (isError(lines.get(i))) first = i;
        }
        int endFrom = Math.max(0, lines.size() - END);
        if (first < 0 || first >= endFrom - 1) {
            int from = Math.max(0, lines.size() - Math.min(lines.size(), END + AFTER));
            return lines.subList(from, lines.size());
        }
        int from = Math.max(0, first - BEFORE);
        int to = Math.min(first + AFTER, endFrom);
        var out = new ArrayList<>(lines.subList(from, to));
        if (to < endFrom) out.add("[…]");
        out.addAll(lines.subList(endFrom, lines.size()));
        return out.subList(Math.max(0, out.size() - Limits.EXCERPT_LINES), out.size());
    }

    /// The first error's own line, for the failure's sentence; the last line where there is none.
    static String firstError(List<String> log) {
        List<String> lines = log.stream().map(Excerpt::clean).filter(l -> !l.isBlank()).toList();
        return lines.stream()
                .filter(Excerpt::isError)
                .findFirst()
                .orElse(lines.isEmpty() ? "it said nothing" : lines.getLast());
    }

    private static boolean isError(String line) {
        return ERROR.matcher(line).find() && !HARMLESS.matcher(line).find();
    }

    private static String clean(String line) {
        String plain = ESCAPE.matcher(line).replaceAll("");
        int overwritten = plain.lastIndexOf('\r');
        plain = plain.substring(overwritten + 1);
        var out = new StringBuilder();
        for (int i = 0; i < plain.length() && i < LINE_CHARS; i++) {
            char c = plain.charAt(i);
            out.append(c == '\t' || !Character.isISOControl(c) ? c : '?');
        }
        return plain.length() > LINE_CHARS ? out.append('…').toString() : out.toString();
    }
}
