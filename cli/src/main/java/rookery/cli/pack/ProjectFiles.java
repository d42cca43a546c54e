package rookery.cli.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import rookery.cli.spec.Located;
import rookery.cli.spec.Problems;
import rookery.oci.Printable;

/// Finds what a spec names inside the project, and nothing outside of it, also not through symbolic
/// links.
final class ProjectFiles {
    private final Path root;
    private final Problems problems;

    /// @param root the directory that holds the spec, without symbolic links in it
    ProjectFiles(Path root, Problems problems) {
        this.root = root;
        this.problems = problems;
    }

    Path root() {
        return root;
    }

    Optional<Path> directory(Located name) {
        return find(name, "directory")
                .filter(p -> {
                    if (Files.isDirectory(p)) return true;
                    problems.add(
                            name.at(), quoted(name) + " is not a directory", "name a directory");
                    return false;
                });
    }

    Optional<Path> file(Located name) {
        return find(name, "file")
                .filter(p -> {
                    if (Files.isRegularFile(p)) return true;
                    problems.add(name.at(), quoted(name) + " is not a file", "name a single file");
                    return false;
                });
    }

    private Optional<Path> find(Located name, String what) {
        Path path = root.resolve(name.text());
        try {
            Path real = path.toRealPath();
            if (real.startsWith(root)) return Optional.of(real);
            problems.add(
                    name.at(),
                    quoted(name) + " leads out of the project, to " + real,
                    "put what is needed into the project");
        } catch (IOException _) {
            problems.add(
                    name.at(),
                    "there is no " + what + " " + quoted(name),
                    "looked for " + path.normalize() + "; paths are relative to the spec");
        }
        return Optional.empty();
    }

    static String quoted(Located name) {
        return "'" + Printable.clip(name.text()) + "'";
    }
}
