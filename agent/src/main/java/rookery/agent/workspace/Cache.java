package rookery.agent.workspace;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import rookery.oci.Digest;
import rookery.oci.archive.Extractor;
import rookery.oci.archive.Limits;

/// The directories under the agent's cache.
///
/// ```
/// wheels/ setup/ prefix/ zig/<toolchain>/<CHOST>   made once, never changed
/// gocache/<go>/<trust domain>                      shared, written by steps
/// unpacked/<digest>                                inputs of steps, made once
/// work/<agent>/<step>                              gone after the step
/// locks/ host-tools apt/
/// ```
///
/// A made thing appears by a rename, so whatever is there is whole.
public final class Cache implements AutoCloseable {
    /// Unpacked inputs that are kept; the least recently used go when an agent starts alone.
    private static final int UNPACKED = 200;

    private static final String TEMPORARY = ".making-";

    private final Path root;
    private final Locks locks;
    private final Path work;
    private final FileChannel alive;
    private final FileLock aliveLock;

    /// Makes something in an empty directory.
    public interface Maker {
        void make(Path empty) throws IOException, InterruptedException;
    }

    private Cache(Path root, Path work, FileChannel alive, FileLock aliveLock) {
        this.root = root;
        this.locks = new Locks(root.resolve("locks"));
        this.work = work;
        this.alive = alive;
        this.aliveLock = aliveLock;
    }

    /// Opens the cache for one agent, and removes what agents that died left behind.
    ///
    /// @param agent a name that no other living agent on this directory has
    public static Cache open(Path root, String agent) throws IOException {
        Path top = Files.createDirectories(root.toAbsolutePath().normalize());
        // Steps' sources and results are nobody else's business.
        Files.setPosixFilePermissions(top, PosixFilePermissions.fromString("rwx------"));
        Path rooms = Files.createDirectories(top.resolve("work"));
        new Locks(top.resolve("locks")).prepare();
        Path file = rooms.resolve(agent + ".alive");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel);
        if (lock == null) {
            channel.close();
            throw new IOException(file + " is locked: an agent of this name is already running");
        }
        var cache = new Cache(top, rooms.resolve(agent), channel, lock);
        cache.sweep(rooms, file);
        Files.createDirectories(cache.work);
        return cache;
    }

    public Path root() {
        return root;
    }

    Path work() {
        return work;
    }

    /// A room for one step.
    public Room room(String name) throws IOException {
        return Room.open(work, name);
    }

    /// The directory at this place, made now if it is not there. Whoever else wants it waits.
    public Path once(String place, Maker maker) throws IOException, InterruptedException {
        Path target = root.resolve(place);
        if (Files.isDirectory(target)) return target;
        return locks.under(
                place.replace('/', '_'),
                () -> {
                    if (Files.isDirectory(target)) return target;
                    Path temporary = target.resolveSibling(TEMPORARY + target.getFileName());
                    Removal.delete(temporary);
                    Files.createDirectories(temporary);
                    boolean isDone = false;
                    try {
                        maker.make(temporary);
                        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
                        isDone = true;
                    } finally {
                        if (!isDone) Removal.delete(temporary);
                    }
                    return target;
                });
    }

    /// The archive's contents, by its digest. Read-only to steps.
    public Path unpacked(Digest digest, Path archive) throws IOException, InterruptedException {
        Path tree =
                once(
                        "unpacked/" + digest.hex(),
                        empty -> {
                            try (InputStream in = Files.newInputStream(archive)) {
                                Extractor.extract(in, empty, Limits.ORDINARY);
                            }
                            Files.setPosixFilePermissions(
                                    empty, PosixFilePermissions.fromString("rwxr-xr-x"));
                        });
        // The time says when it was last used.
        Files.setLastModifiedTime(tree, FileTime.fromMillis(System.currentTimeMillis()));
        return tree;
    }

    /// Go's build cache for one trust domain: who may write there decides what others build.
    public Path goCache(String goVersion, String trustDomain) throws IOException {
        return Files.createDirectories(
                root.resolve("gocache").resolve(goVersion).resolve(trustDomain));
    }

    @Override
    public void close() throws IOException {
        Removal.delete(work);
        aliveLock.release();
        alive.close();
        Files.deleteIfExists(work.resolveSibling(work.getFileName() + ".alive"));
    }

    /// Rooms of agents whose lock is free are rooms of the dead.
    private void sweep(Path rooms, Path mine) throws IOException {
        Removal.delete(work);
        boolean isAlone = true;
        try (var files = Files.newDirectoryStream(rooms, "*.alive")) {
            for (Path file : files) {
                if (file.equals(mine)) continue;
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                        FileLock lock = tryLock(channel)) {
                    if (lock == null) {
                        isAlone = false;
                        continue;
                    }
                    String name = String.valueOf(file.getFileName());
                    Removal.delete(
                            file.resolveSibling(
                                    name.substring(0, name.length() - ".alive".length())));
                    Files.deleteIfExists(file);
                }
            }
        }
        if (isAlone) prune(root.resolve("unpacked"));
    }

    private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel channel)
            throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another agent in this very process
        }
    }

    private static void prune(Path unpacked) throws IOException {
        if (!Files.isDirectory(unpacked)) return;
        var trees = new ArrayList<Path>();
        try (var found = Files.newDirectoryStream(unpacked)) {
            found.forEach(trees::add);
        }
        if (trees.size() <= UNPACKED) return;
        var byAge = new ArrayList<Aged>();
        for (Path tree : trees)
            byAge.add(new Aged(tree, Files.getLastModifiedTime(tree, LinkOption.NOFOLLOW_LINKS)));
        byAge.sort(Comparator.comparing(Aged::time));
        List<Aged> old = byAge.subList(0, byAge.size() - UNPACKED);
        for (Aged tree : old) Removal.delete(tree.path);
    }

    private record Aged(Path path, FileTime time) {}
}
