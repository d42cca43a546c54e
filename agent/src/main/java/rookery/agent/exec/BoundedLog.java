package rookery.agent.exec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/// A log that is cut, loudly, when a step writes too much, and that remembers its last bytes for
/// the failure's excerpt.
public final class BoundedLog implements LogSink {
    /// What is remembered of the end.
    public static final int TAIL_BYTES = 256 << 10;

    private static final int PIECE = 8 << 10;

    private final LogSink to;
    private final long maxBytes;
    private final ArrayDeque<byte[]> tail = new ArrayDeque<>();
    private long tailBytes;
    private long passed;
    private long dropped;

    public BoundedLog(LogSink to, long maxBytes) {
        this.to = to;
        this.maxBytes = maxBytes;
    }

    @Override
    public synchronized void append(byte[] bytes, int offset, int length) {
        remember(bytes, offset, length);
        int fits = (int) Math.min(length, maxBytes - passed);
        if (fits > 0) {
            to.append(bytes, offset, fits);
            passed += fits;
        }
        if (fits < length) {
            if (dropped == 0)
                to.note(
                        "\nrookery: the log is cut here, after "
                                + maxBytes
                                + " bytes; the step goes on");
            dropped += length - fits;
        }
    }

    /// Says at the end how much was left out, if anything was.
    public synchronized void finish() {
        if (dropped > 0) to.note("rookery: " + dropped + " bytes of log were left out");
    }

    /// The last lines, oldest first.
    public synchronized List<String> lastLines() {
        var out = new StringBuilder();
        for (byte[] piece : tail) out.append(new String(piece, StandardCharsets.ISO_8859_1));
        // Pieces may cut a character in two, so they are joined as bytes first.
        var text =
                new String(
                        out.toString().getBytes(StandardCharsets.ISO_8859_1),
                        StandardCharsets.UTF_8);
        return new ArrayList<>(text.lines().toList());
    }

    private void remember(byte[] bytes, int offset, int length) {
        for (int done = 0; done < length; done += PIECE) {
            int n = Math.min(PIECE, length - done);
            byte[] last = tail.peekLast();
            // Small writes are joined, or a byte at a time would make the queue as long as the log.
            if (last != null && last.length + n <= PIECE) {
                byte[] joined = java.util.Arrays.copyOf(last, last.length + n);
                System.arraycopy(bytes, offset + done, joined, last.length, n);
                tail.removeLast();
                tail.addLast(joined);
            } else {
                tail.addLast(java.util.Arrays.copyOfRange(bytes, offset + done, offset + done + n));
            }
            tailBytes += n;
        }
        while (tailBytes > TAIL_BYTES && tail.size() > 1) tailBytes -= tail.removeFirst().length;
    }
}
