package rookery.cli.pack;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import rookery.oci.archive.Limits;
import rookery.oci.archive.TreeTar;

/// Which files of a directory belong to the job: what git tracks or doesn't ignore; where there is
/// no git, everything but `.git`, hidden directories and what earlier builds wrote.
///
/// @param names relative to the directory, if git has listed them
/// @param output where builds are written; never packed, since it would change with every build
record SourceFiles(Path directory, Optional<List<String>> names, Path output) {
    /// Submodules of submodules.
    private static final int MAX_DEPTH = 8;

    /// What an interrupted build may leave beside its output.
    static final String LEFTOVER = ".rookery-dist-";

    static SourceFiles of(Path directory, Path output) throws IOException {
        var names = new ArrayList<String>();
        boolean listed = list(directory, "", names, MAX_DEPTH);
        SourceFiles files = new SourceFiles(directory, Optional.empty(), output);
        return listed
                ? new SourceFiles(
                        directory,
                        Optional.of(names.stream().filter(files::isSource).toList()),
                        output)
                : files;
    }

    boolean has(String name) {
        return names.map(n -> n.contains(name))
                .orElseGet(() -> Files.isRegularFile(directory.resolve(name)));
    }

    boolean isEmpty() throws IOException {
        if (names.isPresent()) return names.get().isEmpty();
        try (var children = Files.newDirectoryStream(directory)) {
            return !children.iterator().hasNext();
        }
    }

    void pack(Limits limits, OutputStream out) throws IOException {
        if (names.isPresent()) {
            TreeTar.pack(directory, names.get(), limits, out);
        } else {
            Predicate<String> wanted = name -> isSource(name) && !isHidden(name);
            TreeTar.pack(directory, wanted, limits, out);
        }
    }

    private boolean isSource(String name) {
        Path path = directory.resolve(name);
        String top = name.substring(0, name.indexOf('/') < 0 ? name.length() : name.indexOf('/'));
        return !path.startsWith(output) && !top.startsWith(LEFTOVER);
    }

    private boolean isHidden(String name) {
        String leaf = name.substring(name.lastIndexOf('/') + 1);
        boolean hiddenDirectory =
                leaf.startsWith(".")
                        && Files.isDirectory(directory.resolve(name), LinkOption.NOFOLLOW_LINKS);
        return hiddenDirectory || leaf.equals(".git") || name.equals("dist");
    }

    /// Git names a submodule, and a repository inside a repository, by its directory alone; what is
    /// in it, it tells when asked there.
    private static boolean list(Path directory, String prefix, List<String> to, int depth) {
        Optional<List<String>> found = new Git(directory).files();
        if (found.isEmpty()) return false;
        for (String name : found.get()) {
            Path path = directory.resolve(name);
            // A tracked file may have been deleted since.
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) continue;
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                String plain = name.endsWith("/") ? name : name + "/";
                if (depth > 0 && Files.exists(path.resolve(".git")))
                    list(path, prefix + plain, to, depth - 1);
            } else {
                to.add(prefix + name);
            }
        }
        return true;
    }
}
