package rookery.agent.workspace;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Locks by name that hold among this process's threads and among processes.
///
/// A file lock belongs to the whole process, so each has a lock for the threads before it; that one
/// is shared by every instance on the same file.
final class Locks {
    /// One per name in use. Static, because file locks belong to the process as well.
    private static final ConcurrentHashMap<Path, Shared> THREADS = new ConcurrentHashMap<>();

    private record Shared(ReentrantLock lock, int users) {}

    private final Path directory;

    Locks(Path directory) {
        this.directory = directory;
    }

    interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    <T> T under(String name, Work<T> work) throws IOException, InterruptedException {
        Path file = directory.resolve(name + ".lock").toAbsolutePath().normalize();
        ReentrantLock thread = take(file);
        try {
            thread.lockInterruptibly();
            try (FileChannel channel =
                            FileChannel.open(
                                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = channel.lock()) {
                return work.run();
            } finally {
                thread.unlock();
            }
        } finally {
            THREADS.computeIfPresent(
                    file, (_, s) -> s.users == 1 ? null : new Shared(s.lock, s.users - 1));
        }
    }

    private static ReentrantLock take(Path file) {
        Shared shared =
                THREADS.compute(
                        file,
                        (_, s) ->
                                s == null
                                        ? new Shared(new ReentrantLock(), 1)
                                        : new Shared(s.lock, s.users + 1));
        return shared.lock;
    }

    void prepare() throws IOException {
        Files.createDirectories(directory);
    }
}
