package rookery.cli.view;

import java.util.ArrayList;
import java.util.List;
import rookery.cli.view.Style.Tone;

/// One line of a terminal, made of pieces with tones; knows how many columns it takes. One thread.
final class Line {
    private record Piece(String text, Tone tone) {}

    private final List<Piece> pieces = new ArrayList<>();
    private int columns;

    Line add(String text, Tone tone) {
        String harmless = Harmless.line(text);
        pieces.add(new Piece(harmless, tone));
        columns += columns(harmless);
        return this;
    }

    Line add(String text) {
        return add(text, Tone.USUAL);
    }

    /// Blanks up to this column, one at least.
    Line to(int column) {
        return add(" ".repeat(Math.max(columns == 0 ? 0 : 1, column - columns)));
    }

    /// The line in at most so many columns.
    String render(int width, Style style) {
        var out = new StringBuilder();
        int left = width;
        boolean fits = columns <= width;
        int room = fits ? width : width - style.ellipsis().length();
        for (Piece piece : pieces) {
            String text = fits ? piece.text : clip(piece.text, room);
            room -= columns(text);
            left -= columns(text);
            out.append(style.paint(text, piece.tone));
            if (!fits && text.length() < piece.text.length()) break;
        }
        if (!fits && left >= style.ellipsis().length()) out.append(style.ellipsis());
        return out.toString().stripTrailing();
    }

    private static String clip(String text, int room) {
        int used = 0;
        int end = 0;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            if (used + columns(c) > room) break;
            used += columns(c);
            end += Character.charCount(c);
        }
        return text.substring(0, end);
    }

    static int columns(String text) {
        return text.codePoints().map(Line::columns).sum();
    }

    /// The usual approximation: combining marks take no column, East Asian letters and most
    /// pictures two.
    private static int columns(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) return 0;
        boolean wide =
                (c >= 0x1100 && c <= 0x115f)
                        || (c >= 0x2e80 && c <= 0xa4cf)
                        || (c >= 0xac00 && c <= 0xd7a3)
                        || (c >= 0xf900 && c <= 0xfaff)
                        || (c >= 0xfe30 && c <= 0xfe6f)
                        || (c >= 0xff00 && c <= 0xff60)
                        || (c >= 0xffe0 && c <= 0xffe6)
                        || (c >= 0x1f300 && c <= 0x1faff)
                        || c >= 0x20000;
        return wide ? 2 : 1;
    }
}
