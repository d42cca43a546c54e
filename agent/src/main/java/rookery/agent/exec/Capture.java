package rookery.agent.exec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/// Reads a stream to its end, keeping the first bytes and passing all of them on.
final class Capture implements Runnable {
    /// What of a command's standard output is kept for the agent to read.
    static final int MAX_BYTES = 1 << 20;

    private static final int BUFFER = 16 << 10;

    private final InputStream in;
    private final LogSink log;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private boolean isCut;

    Capture(InputStream in, LogSink log) {
        this.in = in;
        this.log = log;
    }

    @Override
    public void run() {
        var buffer = new byte[BUFFER];
        try (in) {
            for (int n; (n = in.read(buffer)) >= 0; ) {
                log.append(buffer, 0, n);
                int fits = Math.min(n, MAX_BYTES - kept.size());
                kept.write(buffer, 0, fits);
                isCut |= fits < n;
            }
        } catch (IOException e) {
            // The pipe was closed under us because the process was ended: there is no more.
            isCut = true;
        }
    }

    /// Only after the thread has ended.
    byte[] bytes() {
        return kept.toByteArray();
    }

    boolean isCut() {
        return isCut;
    }
}
