package rookery.agent.workspace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/// One step's own directory. Closing it deletes everything, so do that only when every process of
/// the step is gone.
public final class Room implements AutoCloseable {
    private final Path path;

    private Room(Path path) {
        this.path = path;
    }

    static Room open(Path work, String name) throws IOException {
        return new Room(Files.createTempDirectory(work, name + "-"));
    }

    /// A directory in the room, made if need be; others may pass through it.
    public Path directory(String name) throws IOException {
        Path directory = path;
        for (Path part : Path.of(name)) {
            directory = directory.resolve(part);
            if (!Files.isDirectory(directory)) {
                Files.createDirectory(directory);
                show(directory, "rwxr-xr-x");
            }
        }
        return directory;
    }

    /// A readable copy of a file, at this place in the room.
    public Path copy(Path file, String name, boolean isExecutable) throws IOException {
        Path to = path.resolve(name).normalize();
        if (!to.startsWith(path)) throw new IOException(name + " leaves the room");
        if (to.getNameCount() > path.getNameCount() + 1)
            directory(path.relativize(to.getParent()).toString());
        Files.copy(file, to, StandardCopyOption.REPLACE_EXISTING);
        show(to, isExecutable ? "rwxr-xr-x" : "rw-r--r--");
        return to;
    }

    @Override
    public void close() throws IOException {
        Removal.delete(path);
    }

    /// Whatever the agent's umask is: the steps' user is another.
    private static void show(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
}
