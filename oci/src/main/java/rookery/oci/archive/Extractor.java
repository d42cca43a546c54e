package rookery.oci.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import rookery.oci.archive.ArchiveException.Kind;

/// Unpacks an archive into an empty directory, so that nothing outside can be read, written or
/// linked, whatever the archive says. Symbolic links are made last: while files are written there
/// is no link to write through. Owners are whoever runs this; modes keep their rwx for the owner
/// and rx for others; times are kept.
///
/// The directory must be nobody else's meanwhile. If anything fails, it is empty again.
public final class Extractor implements TarReader.Visitor {
    private static final int DIRECTORY_NEEDS = 0700;
    private static final int FILE_NEEDS = 0600;
    private static final int KEPT = 0755;

    private final Path root;
    private final SequencedMap<Path, TarEntry.Symlink> links = new LinkedHashMap<>();
    private final SequencedMap<Path, Meta> directories = new LinkedHashMap<>();

    private record Meta(int mode, Instant mtime) {}

    private Extractor(Path root) {
        this.root = root;
    }

    /// Unpacks into the root, which is made if it is missing and must otherwise be empty.
    public static TarReader.Totals extract(InputStream in, Path root, Limits limits)
            throws IOException {
        Files.createDirectories(root);
        try (var children = Files.newDirectoryStream(root)) {
            if (children.iterator().hasNext()) {
                throw new IOException(
                        root + " is not empty; archives are unpacked into new places");
            }
        }
        var extractor = new Extractor(root);
        boolean done = false;
        try {
            var totals = TarReader.read(in, limits, extractor);
            extractor.finish();
            done = true;
            return totals;
        } catch (InvalidPathException e) {
            throw new ArchiveException(
                    Kind.FORBIDDEN,
                    Names.quoted(e.getInput())
                            + " cannot be a file name in this locale; set LC_ALL=C.UTF-8",
                    e);
        } finally {
            if (!done) {
                extractor.clear();
            }
        }
    }

    @Override
    public void entry(TarEntry entry, Instant mtime, InputStream content) throws IOException {
        Path path = root.resolve(entry.name());
        Path parent = path.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        switch (entry) {
            case TarEntry.Directory(_, int mode) -> {
                Files.createDirectories(path);
                directories.put(path, new Meta(mode, mtime));
            }
            case TarEntry.File(_, int mode, _) -> {
                try (var out =
                        Files.newOutputStream(
                                path,
                                StandardOpenOption.CREATE_NEW,
                                StandardOpenOption.WRITE,
                                LinkOption.NOFOLLOW_LINKS)) {
                    content.transferTo(out);
                }
                set(path, new Meta((mode & KEPT) | FILE_NEEDS, mtime));
            }
            case TarEntry.Hardlink(_, var target) -> Files.createLink(path, root.resolve(target));
            case TarEntry.Symlink link -> links.put(path, link);
        }
    }

    private void finish() throws IOException {
        for (Map.Entry<Path, TarEntry.Symlink> link : links.sequencedEntrySet()) {
            Files.createSymbolicLink(link.getKey(), Path.of(link.getValue().target()));
        }
        // From the last to the first, as entries in a directory change the directory's own time.
        for (var directory : directories.reversed().sequencedEntrySet()) {
            Meta meta = directory.getValue();
            set(directory.getKey(), new Meta((meta.mode() & KEPT) | DIRECTORY_NEEDS, meta.mtime()));
        }
    }

    private static void set(Path path, Meta meta) throws IOException {
        Files.setPosixFilePermissions(path, permissions(meta.mode()));
        Files.setLastModifiedTime(path, FileTime.from(meta.mtime()));
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        var text = new StringBuilder("rwxrwxrwx");
        for (int i = 0; i < text.length(); i++) {
            if ((mode & (0400 >> i)) == 0) {
                text.setCharAt(i, '-');
            }
        }
        return PosixFilePermissions.fromString(text.toString());
    }

    private void clear() throws IOException {
        try (var children = Files.newDirectoryStream(root)) {
            for (Path child : children) {
                Trees.delete(child);
            }
        }
    }
}
