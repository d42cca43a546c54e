package rookery.cli.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;

/// One farm at a time on one state directory: two coordinators on one database would both believe
/// that they lead.
public final class StateLock implements AutoCloseable {
    private final FileChannel channel;

    private StateLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Waits until the other one ends. The lock goes with this process, however it ends.
    static StateLock take(Path state, Consumer<String> talk) throws IOException {
        Files.createDirectories(state);
        Path file = state.resolve("lock");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            talk.accept(
                    "another rookery is building with "
                            + state
                            + "; waiting for it (set XDG_STATE_HOME for a farm of your own)");
            lock = channel.lock();
        }
        return new StateLock(channel);
    }

    /// Takes it only if nobody has it.
    public static Optional<StateLock> tryTake(Path state) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        state.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) return Optional.of(new StateLock(channel));
        } catch (OverlappingFileLockException _) {
            // Somebody in this very process has it.
        }
        channel.close();
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
