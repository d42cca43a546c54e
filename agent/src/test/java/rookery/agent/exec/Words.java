package rookery.agent.exec;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Keeps everything that was said.
public final class Words implements LogSink {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public synchronized void append(byte[] data, int offset, int length) {
        bytes.write(data, offset, length);
    }

    @Override
    public synchronized String toString() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
