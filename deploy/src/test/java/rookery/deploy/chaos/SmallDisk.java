package rookery.deploy.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicBoolean;

/// A directory on a small tmpfs of its own where this user is root, so that it can be filled up.
final class SmallDisk implements Ending {
    private static final int CHUNK = 1 << 20;

    private final Path root;
    private final boolean isOwn;
    private final AtomicBoolean hasEnded = new AtomicBoolean();

    private SmallDisk(Path root, boolean isOwn) {
        this.root = root;
        this.isOwn = isOwn;
    }

    static SmallDisk make(Path root, int mebibytes) throws IOException, InterruptedException {
        Files.createDirectories(root);
        try {
            Shell.run(
                    "mount",
                    "-t",
                    "tmpfs",
                    "-o",
                    "size=" + mebibytes + "m",
                    "chaos",
                    root.toString());
            return new SmallDisk(root, true);
        } catch (IOException e) {
            System.err.println("chaos: no disk of its own for " + root + ": " + e.getMessage());
            return new SmallDisk(root, false);
        }
    }

    Path root() {
        return root;
    }

    boolean isOwn() {
        return isOwn;
    }

    void fill() throws IOException {
        try (FileChannel ballast =
                FileChannel.open(
                        root.resolve("ballast"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND)) {
            for (int size = CHUNK; size >= 1; size /= 16) {
                try {
                    while (true) ballast.write(ByteBuffer.allocate(size));
                } catch (IOException e) {
                    if (!String.valueOf(e.getMessage()).contains("No space left")) throw e;
                }
            }
        }
    }

    void empty() throws IOException {
        Files.deleteIfExists(root.resolve("ballast"));
    }

    @Override
    public void end() throws InterruptedException {
        if (isOwn && !hasEnded.getAndSet(true)) Shell.attempt("umount", "-l", root.toString());
    }
}
