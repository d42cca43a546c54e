package rookery.coordinator.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;
import rookery.coordinator.farm.StepRef;

/// Where logs come from. Called on virtual threads; may block.
public interface LogSource {

    /// How long a log is; 0 when nothing was written yet.
    long size(StepRef step) throws IOException;

    /// At most `limit` bytes from an offset; none where the log is shorter.
    byte[] read(StepRef step, long offset, int limit) throws IOException;

    /// Logs that are files.
    static LogSource files(Function<StepRef, Path> file) {
        return new LogSource() {
            @Override
            public long size(StepRef step) throws IOException {
                try (var channel = FileChannel.open(file.apply(step))) {
                    return channel.size();
                } catch (NoSuchFileException _) {
                    return 0;
                }
            }

            @Override
            public byte[] read(StepRef step, long offset, int limit) throws IOException {
                try (var channel = FileChannel.open(file.apply(step))) {
                    long left = Math.max(0, channel.size() - offset);
                    var bytes = ByteBuffer.allocate((int) Math.min(left, limit));
                    while (bytes.hasRemaining()
                            && channel.read(bytes, offset + bytes.position()) >= 0) {}
                    return Arrays.copyOf(bytes.array(), bytes.position());
                } catch (NoSuchFileException _) {
                    return new byte[0];
                }
            }
        };
    }
}
