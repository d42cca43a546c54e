package rookery.cli.view;

import java.util.List;

/// Turns one picture on a terminal into the next by writing the changed lines only, so that nothing
/// flickers. The cursor stands below the last line before and after.
public final class Redraw {
    private static final String NO_WRAP = "\u001b[?7l";
    private static final String WRAP = "\u001b[?7h";
    private static final String CLEAR_LINE = "\r\u001b[2K";
    private static final String CLEAR_BELOW = "\u001b[J";

    private Redraw() {}

    /// What to write; empty when nothing has changed.
    public static String of(List<String> before, List<String> after) {
        if (before.equals(after)) return "";
        var out = new StringBuilder(NO_WRAP);
        if (!before.isEmpty()) out.append("\u001b[").append(before.size()).append('A');
        for (int i = 0; i < after.size(); i++) {
            boolean same = i < before.size() && before.get(i).equals(after.get(i));
            if (!same) out.append(CLEAR_LINE).append(after.get(i));
            // A line feed moves down and, at the bottom, makes room; raw it keeps the column.
            out.append("\r\n");
        }
        if (before.size() > after.size()) out.append(CLEAR_BELOW);
        return out.append(WRAP).toString();
    }
}
