package rookery.cli.dist;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Set;
import java.util.TreeSet;
import rookery.cli.Pretty;
import rookery.model.Blame;
import rookery.model.RookeryException;
import rookery.oci.Digest;
import rookery.oci.json.Json;
import rookery.oci.json.MalformedDocumentException;
import rookery.oci.layout.ImageLayout;

/// Writes a [DistPlan] to the disk.
public final class DistWriter {
    /// Names of directories that are not finished; the packer leaves them out of sources.
    private static final String BESIDE = ".rookery-dist-";

    private static final String EXECUTABLE = "rwxr-xr-x";

    private final ImageLayout blobs;

    public DistWriter(ImageLayout blobs) {
        this.blobs = blobs;
    }

    /// Looks whether a build may write there, before it has cost anything.
    ///
    /// @throws RookeryException with blame SPEC when something else than an earlier build's output
    ///   is there
    public static void check(Path target) {
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) return;
        var foreign = new TreeSet<String>();
        try {
            if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS))
                throw refuse(target, "is not a directory");
            Set<String> ours = ours(target);
            try (var children = Files.newDirectoryStream(target)) {
                for (Path child : children) {
                    String name = String.valueOf(child.getFileName());
                    if (!ours.contains(name)) foreign.add(name);
                }
            }
        } catch (IOException e) {
            throw new RookeryException(Blame.HOST, target + " cannot be read: " + e, e);
        }
        if (!foreign.isEmpty())
            throw refuse(target, "holds " + foreign.first() + ", which no build of ours wrote");
    }

    /// Replaces what is at the target by the plan's files, all at once.
    public void write(DistPlan plan, Path target) {
        check(target);
        Path place = target.toAbsolutePath().normalize();
        Path parent = place.getParent();
        if (parent == null) throw refuse(target, "cannot be replaced");
        try {
            Files.createDirectories(parent);
            Path fresh = Files.createTempDirectory(parent, BESIDE);
            try {
                fill(plan, fresh);
                Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString(EXECUTABLE));
                replace(fresh, place, parent);
            } finally {
                delete(fresh);
            }
        } catch (IOException e) {
            throw new RookeryException(
                    Blame.HOST,
                    "writing " + target + " stopped: " + e + "; nothing there was changed",
                    e);
        }
    }

    private void fill(DistPlan plan, Path fresh) throws IOException {
        var sums = new StringBuilder();
        for (DistPlan.Binary binary : plan.binaries()) {
            Path file = fresh.resolve(binary.path());
            Files.createDirectories(file.getParent());
            try (InputStream in = blobs.open(binary.blob().digest());
                    OutputStream out = Files.newOutputStream(file)) {
                in.transferTo(out);
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(EXECUTABLE));
            sums.append(sum(binary.blob().digest(), binary.path()));
        }
        for (DistPlan.Layout layout : plan.layouts()) {
            Path directory = fresh.resolve(layout.path());
            Files.createDirectories(directory.getParent());
            blobs.export(layout.index().digest(), layout.image().image().tags(), directory);
            String index = layout.path() + "/index.json";
            sums.append(sum(Digest.of(Files.readAllBytes(fresh.resolve(index))), index));
        }
        Files.writeString(fresh.resolve(DistPlan.ARTIFACTS), Pretty.print(plan.artifacts()));
        Files.writeString(fresh.resolve(DistPlan.CHECKSUMS), sums);
    }

    /// A line as `sha256sum -c` reads it.
    private static String sum(Digest digest, String path) {
        return digest.hex() + "  " + path + "\n";
    }

    private static void replace(Path fresh, Path place, Path parent) throws IOException {
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        Path old = Files.createTempDirectory(parent, BESIDE);
        // A rename replaces an empty directory, so the place is never without a whole one for long.
        Files.move(place, old, StandardCopyOption.ATOMIC_MOVE);
        try {
            Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.move(old, place, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
        delete(old);
    }

    /// What lies directly in a directory that an earlier build wrote.
    private static Set<String> ours(Path target) throws IOException {
        var ours = new TreeSet<String>();
        Path listing = target.resolve(DistPlan.ARTIFACTS);
        if (!Files.isRegularFile(listing, LinkOption.NOFOLLOW_LINKS)) return ours;
        ours.add(DistPlan.ARTIFACTS);
        ours.add(DistPlan.CHECKSUMS);
        ours.add("oci");
        Json json;
        try (InputStream in = Files.newInputStream(listing)) {
            json = Json.parse(in.readNBytes(Json.MAX_BYTES));
        } catch (MalformedDocumentException _) {
            return Set.of(); // somebody else's
        }
        for (Json item : items(json)) {
            if (item instanceof Json.Obj artifact
                    && artifact.get("path").orElse(new Json.Nil()) instanceof Json.Text(var path))
                ours.add(path.split("/", 2)[0]);
        }
        return ours;
    }

    private static Iterable<Json> items(Json json) {
        return json instanceof Json.Obj top
                        && top.get("artifacts").orElse(new Json.Nil())
                                instanceof Json.Arr(var items)
                ? items
                : new ArrayList<>();
    }

    private static RookeryException refuse(Path target, String what) {
        return new RookeryException(
                Blame.SPEC,
                target + " " + what + "; name another directory with -o, or clear this one");
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) return;
        Files.walkFileTree(
                tree,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @org.jspecify.annotations.Nullable IOException e)
                            throws IOException {
                        if (e != null) throw e;
                        Files.delete(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
