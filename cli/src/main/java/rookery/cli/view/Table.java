package rookery.cli.view;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import rookery.cli.view.Style.Tone;

/// Rows under a head, each column as wide as its widest cell.
public final class Table {
    private static final int GAP = 2;
    private static final int WIDEST = 400;

    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... head) {
        rows.add(List.of(head));
    }

    public void add(String... row) {
        if (row.length != rows.getFirst().size())
            throw new IllegalArgumentException("a row has as many cells as the head");
        rows.add(List.of(row));
    }

    /// The head alone where there are no rows.
    public List<String> lines(Style style) {
        int columns = rows.getFirst().size();
        int[] widths =
                IntStream.range(0, columns)
                        .map(c ->
                                rows.stream()
                                        .mapToInt(r -> Line.columns(Harmless.line(r.get(c))))
                                        .max()
                                        .orElse(0))
                        .toArray();
        var lines = new ArrayList<String>();
        for (int r = 0; r < rows.size(); r++) {
            var line = new Line();
            int at = 0;
            for (int c = 0; c < columns; c++) {
                line.add(rows.get(r).get(c), r == 0 ? Tone.FAINT : Tone.USUAL);
                at += widths[c] + GAP;
                if (c < columns - 1) line.to(at);
            }
            lines.add(line.render(WIDEST, style));
        }
        return lines;
    }
}
