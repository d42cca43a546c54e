package rookery.cli.inspect;

import java.io.PrintStream;

/// Writes many short texts in few large pieces.
public final class Lines {
    private static final int PIECE_CHARS = 32 << 10;

    private final PrintStream out;
    private final StringBuilder text = new StringBuilder();

    public Lines(PrintStream out) {
        this.out = out;
    }

    public void add(String more) {
        text.append(more);
        if (text.length() >= PIECE_CHARS) {
            flush();
        }
    }

    public void flush() {
        out.print(text);
        out.flush();
        text.setLength(0);
    }
}
