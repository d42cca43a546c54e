package rookery.coordinator.web.page;

import java.util.StringJoiner;

/// A terminal's colours and weights, as far as the style sheet has classes for them. Foreign bytes
/// only ever choose among these words.
///
/// @param foreground 0-15, or -1 for the usual
/// @param background 0-15, or -1 for the usual
record Sgr(
        int foreground,
        int background,
        boolean bold,
        boolean faint,
        boolean italic,
        boolean underline,
        boolean inverse) {
    static final Sgr PLAIN = new Sgr(-1, -1, false, false, false, false, false);
    private static final int PARAMETERS = 32;

    String classes() {
        if (equals(PLAIN)) return "";
        var words = new StringJoiner(" ");
        int front = inverse ? background : foreground;
        int back = inverse ? foreground : background;
        if (front >= 0) words.add("f" + front);
        if (back >= 0) words.add("b" + back);
        if (inverse && foreground < 0 && background < 0) words.add("inv");
        if (bold) words.add("bold");
        if (faint) words.add("faint");
        if (italic) words.add("ital");
        if (underline) words.add("under");
        return words.toString();
    }

    /// The style after `ESC [ parameters m`.
    Sgr after(String parameters) {
        Sgr style = this;
        String[] words = parameters.split(";", PARAMETERS);
        for (int i = 0; i < words.length; i++) {
            int n = number(words[i]);
            if (n == 38 || n == 48) {
                int skip = colour(words, i);
                if (skip == 2 && number(words[i + 2]) < 16)
                    style =
                            n == 38
                                    ? style.front(number(words[i + 2]))
                                    : style.back(number(words[i + 2]));
                i += skip;
            } else {
                style = style.with(n);
            }
        }
        return style;
    }

    /// How many parameters belong to an extended colour.
    private static int colour(String[] words, int at) {
        int kind = at + 1 < words.length ? number(words[at + 1]) : -1;
        int wanted = kind == 5 ? 2 : kind == 2 ? 4 : 1;
        return Math.min(wanted, words.length - 1 - at);
    }

    private Sgr with(int n) {
        if (n >= 30 && n <= 37) return front(n - 30);
        if (n >= 90 && n <= 97) return front(n - 90 + 8);
        if (n >= 40 && n <= 47) return back(n - 40);
        if (n >= 100 && n <= 107) return back(n - 100 + 8);
        return switch (n) {
            case 0 -> PLAIN;
            case 1 -> new Sgr(foreground, background, true, faint, italic, underline, inverse);
            case 2 -> new Sgr(foreground, background, bold, true, italic, underline, inverse);
            case 3 -> new Sgr(foreground, background, bold, faint, true, underline, inverse);
            case 4 -> new Sgr(foreground, background, bold, faint, italic, true, inverse);
            case 7 -> new Sgr(foreground, background, bold, faint, italic, underline, true);
            case 22 -> new Sgr(foreground, background, false, false, italic, underline, inverse);
            case 23 -> new Sgr(foreground, background, bold, faint, false, underline, inverse);
            case 24 -> new Sgr(foreground, background, bold, faint, italic, false, inverse);
            case 27 -> new Sgr(foreground, background, bold, faint, italic, underline, false);
            case 39 -> front(-1);
            case 49 -> back(-1);
            default -> this;
        };
    }

    private Sgr front(int colour) {
        return new Sgr(colour, background, bold, faint, italic, underline, inverse);
    }

    private Sgr back(int colour) {
        return new Sgr(foreground, colour, bold, faint, italic, underline, inverse);
    }

    /// An empty parameter is 0; what is no number of at most three digits is none at all.
    private static int number(String word) {
        if (word.isEmpty()) return 0;
        if (word.length() > 3) return -1;
        int n = 0;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c < '0' || c > '9') return -1;
            n = n * 10 + c - '0';
        }
        return n;
    }
}
