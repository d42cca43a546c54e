package rookery.oci.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.TreeMap;
import java.util.function.Predicate;
import rookery.oci.archive.ArchiveException.Kind;

/// Packs a directory as a normalised tar: sorted names, owner 0, one time for all, modes 0755 for
/// directories and for what its owner may execute and 0644 for the rest. Two checkouts of the same
/// files give the same bytes.
///
/// Symbolic links are kept as links if they stay inside the directory, and refused otherwise; so
/// are devices, pipes and sockets. No link is ever followed.
public final class TreeTar {
    /// The time of every entry where the caller names none.
    public static final Instant EPOCH = Instant.EPOCH;

    private static final Comparator<String> UTF8_ORDER =
            (a, b) ->
                    Arrays.compareUnsigned(
                            a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

    private final Path root;
    private final Limits limits;
    private final TreeMap<String, Found> entries = new TreeMap<>(UTF8_ORDER);
    private long bytes;

    private record Found(Path path, BasicFileAttributes attributes) {}

    private TreeTar(Path root, Limits limits) {
        this.root = root;
        this.limits = limits;
    }

    /// Packs everything under the root whose relative name (such as `cmd/main.go`) is wanted. A
    /// directory that is not wanted is not entered. The stream is left open.
    public static void pack(Path root, Predicate<String> wanted, Limits limits, OutputStream out)
            throws IOException {
        var tree = new TreeTar(root, limits);
        tree.walk(root, "", wanted);
        tree.write(out);
    }

    /// Packs exactly these relative names, with the directories above them. A name that is a
    /// directory brings the directory itself, not what is in it.
    public static void pack(Path root, Collection<String> names, Limits limits, OutputStream out)
            throws IOException {
        var tree = new TreeTar(root, limits);
        for (String name : names) {
            tree.addWithParents(Names.clean(name));
        }
        tree.write(out);
    }

    private void walk(Path directory, String name, Predicate<String> wanted) throws IOException {
        try (var children = Files.newDirectoryStream(directory)) {
            for (Path child : children) {
                String leaf = String.valueOf(child.getFileName());
                String full = Names.clean(name.isEmpty() ? leaf : name + "/" + leaf);
                if (wanted.test(full) && add(full, child).isDirectory()) {
                    walk(child, full, wanted);
                }
            }
        }
    }

    private void addWithParents(String name) throws IOException {
        Path path = root;
        var above = new StringBuilder();
        var parts = Names.parts(name);
        for (int i = 0; i < parts.size(); i++) {
            above.append(i == 0 ? "" : "/").append(parts.get(i));
            path = path.resolve(parts.get(i));
            BasicFileAttributes attributes = add(above.toString(), path);
            if (i < parts.size() - 1 && !attributes.isDirectory()) {
                throw new ArchiveException(
                        Kind.ESCAPE,
                        Names.quoted(name)
                                + " lies behind "
                                + Names.quoted(above.toString())
                                + ", which is not a directory");
            }
        }
    }

    private BasicFileAttributes add(String name, Path path) throws IOException {
        var attributes =
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        String key = attributes.isDirectory() ? name + "/" : name;
        if (entries.put(key, new Found(path, attributes)) == null) {
            long size = attributes.isRegularFile() ? attributes.size() : 0;
            limits.checkFile(name, size);
            bytes += size;
            limits.checkTotals(entries.size(), bytes);
        }
        return attributes;
    }

    private void write(OutputStream out) throws IOException {
        try (var tar = new TarWriter(out, EPOCH)) {
            for (var entry : entries.entrySet()) {
                write(entry.getKey(), entry.getValue(), tar);
            }
        }
    }

    private static void write(String key, Found found, TarWriter tar) throws IOException {
        Path path = found.path();
        BasicFileAttributes attributes = found.attributes();
        if (attributes.isDirectory()) {
            tar.directory(key.substring(0, key.length() - 1), 0755);
        } else if (attributes.isSymbolicLink()) {
            String target = Files.readSymbolicLink(path).toString();
            Names.checkLink(key, target);
            tar.symlink(key, target);
        } else if (attributes.isRegularFile()) {
            try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
                tar.file(key, isExecutable(path) ? 0755 : 0644, attributes.size(), in);
            }
        } else {
            throw TarEntry.forbidden(key, "a device, a pipe or a socket");
        }
    }

    private static boolean isExecutable(Path path) throws IOException {
        var view =
                Files.getFileAttributeView(
                        path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        return view != null
                && view.readAttributes().permissions().contains(PosixFilePermission.OWNER_EXECUTE);
    }
}
