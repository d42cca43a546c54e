package rookery.coordinator.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import rookery.model.Blame;
import rookery.model.JobId;
import rookery.model.Limits;
import rookery.model.RookeryException;
import rookery.model.StepId;

/// The folder of logs.
public final class Logs {
    private final Path root;

    public Logs(Path root) {
        this.root = root;
    }

    /// Where a step's log lies, whether or not anything was written yet.
    public Path file(JobId job, StepId step) {
        return root.resolve(job.value()).resolve(step.value().replace('/', '~') + ".log");
    }

    /// Writes a chunk at its place.
    ///
    /// @return how long the log is now: where the next chunk begins. A chunk that begins beyond the
    ///   end is not taken
    public long append(JobId job, StepId step, long offset, ByteBuffer data) {
        if (offset < 0) throw new RookeryException(Blame.BUG, "a log chunk at " + offset);
        Path file = file(job, step);
        try {
            Files.createDirectories(file.getParent());
            try (var channel =
                    FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                long size = channel.size();
                if (offset > size) return size;
                data.limit(
                        (int)
                                Math.min(
                                        data.limit(),
                                        data.position() + Math.max(0, Limits.LOG_BYTES - offset)));
                long at = offset;
                while (data.hasRemaining()) at += channel.write(data, at);
                return Math.max(size, at);
            }
        } catch (IOException e) {
            throw new RookeryException(
                    Blame.HOST,
                    "the log "
                            + file
                            + " could not be written: "
                            + e.getMessage()
                            + "; is the disk full?",
                    e);
        }
    }

    /// A new attempt begins its log anew.
    public void restart(JobId job, StepId step) {
        try {
            Files.deleteIfExists(file(job, step));
        } catch (IOException e) {
            throw new RookeryException(
                    Blame.HOST,
                    "the log " + file(job, step) + " could not be begun anew: " + e.getMessage(),
                    e);
        }
    }

    /// How long a step's log is now; 0 where there is none.
    public long size(JobId job, StepId step) throws IOException {
        Path file = file(job, step);
        return Files.exists(file) ? Files.size(file) : 0;
    }

    /// Reads at most `limit` bytes from an offset; none where the log is shorter.
    public byte[] read(JobId job, StepId step, long offset, int limit) throws IOException {
        Path file = file(job, step);
        if (!Files.exists(file)) return new byte[0];
        try (var channel = FileChannel.open(file)) {
            long left = channel.size() - offset;
            if (left <= 0) return new byte[0];
            var bytes = ByteBuffer.allocate((int) Math.min(left, limit));
            while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) >= 0) {}
            return java.util.Arrays.copyOf(bytes.array(), bytes.position());
        }
    }
}
