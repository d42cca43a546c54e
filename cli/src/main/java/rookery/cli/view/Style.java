package rookery.cli.view;

/// What the terminal can show.
///
/// @param colour whether escape sequences may be written
/// @param unicode whether more than ASCII can be shown
public record Style(boolean colour, boolean unicode) {
    public static final Style PLAIN = new Style(false, true);

    /// What a piece of text means; the colour only repeats it.
    public enum Tone {
        USUAL(""),
        GOOD("32"),
        BAD("31;1"),
        BUSY("36"),
        FAINT("2"),
        STRONG("1");

        private final String code;

        Tone(String code) {
            this.code = code;
        }
    }

    public String paint(String text, Tone tone) {
        return colour && !tone.code.isEmpty() && !text.isEmpty()
                ? "\u001b[" + tone.code + "m" + text + "\u001b[0m"
                : text;
    }

    public String done() {
        return unicode ? "✓" : "ok";
    }

    public String failed() {
        return unicode ? "✗" : "FAILED";
    }

    public String waiting() {
        return unicode ? "·" : ".";
    }

    public String cancelled() {
        return "-";
    }

    public String ellipsis() {
        return unicode ? "…" : "...";
    }
}
