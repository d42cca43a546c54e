package rookery.coordinator.web.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The end of a log.
///
/// @param from where it begins; what stands before was left out
/// @param to where the log goes on
public record LogTail(long from, long to, List<LogLine> lines) {
    /// What a page begins with of a log.
    public static final int BYTES = 256 << 10;

    /// Lines that are sent at once; a log of empty lines would be a page of a quarter million.
    private static final int LINES = 4_000;

    public LogTail {
        lines = List.copyOf(lines);
    }

    /// @param from where the bytes begin in the log; unless that is its very beginning, the first
    ///   of them are the rest of a line, which is left out
    /// @param over whether the log has ended, so that its last line is whole
    public static LogTail of(byte[] bytes, long from, boolean over) {
        int skip = from == 0 ? 0 : afterLineBreak(bytes);
        var text = new LogText();
        byte[] whole = Arrays.copyOfRange(bytes, skip, bytes.length);
        var lines = new ArrayList<>(text.next(whole));
        long to = from + bytes.length;
        if (over) text.rest().ifPresent(lines::add);
        else to -= text.pending();
        return new LogTail(from + skip, to, newest(lines));
    }

    /// The newest lines, with a word about the others.
    public static List<LogLine> newest(List<LogLine> lines) {
        int more = lines.size() - LINES;
        if (more <= 0) return lines;
        var some = new ArrayList<LogLine>();
        some.add(
                new LogLine(
                        List.of(
                                new LogLine.Run(
                                        "cut", Words.count(more, "line") + " left out here"))));
        some.addAll(lines.subList(more, lines.size()));
        return some;
    }

    private static int afterLineBreak(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) if (bytes[i] == '\n') return i + 1;
        return 0;
    }
}
