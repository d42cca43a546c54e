package rookery.coordinator.web.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes lines out of a log's bytes as they come. Colours become classes of the style sheet; every
/// other escape sequence is dropped; characters that cannot be seen are shown by their number. One
/// pass, and no more memory than one line's bound, whatever the log holds. Not for two threads.
public final class LogText {
    /// What is shown of one line.
    public static final int LINE_BYTES = 16 << 10;

    private final byte[] line = new byte[LINE_BYTES];
    private int held;
    private long cut;
    private Sgr style = Sgr.PLAIN;

    /// The lines that are complete with these bytes.
    public List<LogLine> next(byte[] bytes) {
        var lines = new ArrayList<LogLine>();
        for (byte b : bytes) {
            if (b == '\n') lines.add(end());
            else if (held < LINE_BYTES) line[held++] = b;
            else cut++;
        }
        return lines;
    }

    /// The line that no line break has ended yet.
    public Optional<LogLine> rest() {
        return held == 0 ? Optional.empty() : Optional.of(end());
    }

    /// How many bytes were taken that no line has shown yet.
    public long pending() {
        return held + cut;
    }

    static List<LogLine> lines(List<String> lines) {
        var text = new LogText();
        var out = new ArrayList<LogLine>();
        for (String line : lines) {
            out.addAll(text.next(line.getBytes(UTF_8)));
            text.rest().ifPresent(out::add);
        }
        return List.copyOf(out);
    }

    private LogLine end() {
        var parse = new Parse(new String(line, 0, held, UTF_8), style);
        List<LogLine.Run> runs = parse.runs();
        style = parse.style;
        if (cut > 0)
            runs.add(
                    new LogLine.Run(
                            "cut",
                            "… and " + Words.size(cut) + " more on this line; see the whole log"));
        held = 0;
        cut = 0;
        return new LogLine(runs);
    }

    /// Goes once through one line.
    private static final class Parse {
        private static final char ESC = 0x1b;
        private static final char BEL = 0x07;
        private final String text;
        private final List<LogLine.Run> runs = new ArrayList<>();
        private final StringBuilder run = new StringBuilder();
        private Sgr style;
        private int at;
        private boolean returned;

        Parse(String text, Sgr style) {
            this.text = text;
            this.style = style;
        }

        List<LogLine.Run> runs() {
            while (at < text.length()) {
                int c = text.codePointAt(at);
                at += Character.charCount(c);
                switch (c) {
                    case ESC -> escape();
                    case 0x9b -> sequence();
                    case 0x90, 0x98, 0x9d, 0x9e, 0x9f -> string();
                    case '\r' -> returned = true;
                    case '\t' -> show("\t");
                    default -> {
                        if (Character.isISOControl(c)) continue;
                        if (Clean.isOdd(c)) odd(c);
                        else show(Character.toString(c));
                    }
                }
            }
            flush();
            return runs;
        }

        /// What follows a carriage return is written over what stands before it.
        private void overwrite() {
            if (!returned) return;
            returned = false;
            runs.clear();
            run.setLength(0);
        }

        private void show(String shown) {
            overwrite();
            run.append(shown);
        }

        private void odd(int c) {
            overwrite();
            flush();
            runs.add(new LogLine.Run("odd", String.format("U+%04X", c)));
        }

        private void flush() {
            if (run.isEmpty()) return;
            runs.add(new LogLine.Run(style.classes(), run.toString()));
            run.setLength(0);
        }

        private void escape() {
            if (at >= text.length()) return;
            char kind = text.charAt(at++);
            switch (kind) {
                case '[' -> sequence();
                case ']', 'P', 'X', '^', '_' -> string();
                default -> {
                    while (at < text.length() && kind >= 0x20 && kind <= 0x2f)
                        kind = text.charAt(at++);
                }
            }
        }

        /// `CSI parameters intermediates final`.
        private void sequence() {
            int from = at;
            while (at < text.length() && text.charAt(at) >= 0x20 && text.charAt(at) <= 0x3f) at++;
            if (at >= text.length()) return;
            char end = text.charAt(at);
            if (end < 0x40 || end > 0x7e) return; // broken off: what comes is text again
            String parameters = text.substring(from, at);
            at++;
            if (end != 'm') return;
            flush();
            style = style.after(parameters);
        }

        /// `OSC …`, `DCS …` and their like: up to their end, or the line's.
        private void string() {
            while (at < text.length()) {
                char c = text.charAt(at++);
                if (c == BEL || c == 0x9c) return;
                if (c == ESC) {
                    if (at < text.length() && text.charAt(at) == '\\') at++;
                    return;
                }
            }
        }
    }
}
