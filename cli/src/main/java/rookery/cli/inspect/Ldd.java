package rookery.cli.inspect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import rookery.elf.Dynamic;
import rookery.elf.ElfFile;
import rookery.elf.Inspection;
import rookery.elf.Report;
import rookery.elf.files.Inspector;

/// Which libraries a program would load, and from where, as the loader looks for them: RPATH or
/// RUNPATH, then the usual places, in any root directory, for any machine, and without running
/// anything (ldd runs the program's loader).
public final class Ldd {
    /// More than any desktop program loads.
    private static final int MAX_LIBRARIES = 4096;

    private static final int MAX_CONFIG_FILES = 256;
    private static final List<String> USUAL = List.of("lib64", "lib", "usr/lib64", "usr/lib");

    private final Path root;
    private final List<Path> places = new ArrayList<>();

    public Ldd(Path root) {
        this.root = root;
        configured(root.resolve("etc/ld.so.conf"), 0);
        for (String place : USUAL) {
            places.add(root.resolve(place));
        }
    }

    /// A library's name and where it was found.
    public record Found(String name, Optional<Path> path) {}

    /// All libraries in the order of loading; the loader first.
    public List<Found> of(Path program) throws IOException {
        Named.check(program);
        List<Found> all = new ArrayList<>();
        SortedSet<String> seen = new TreeSet<>();
        Deque<Path> open = new ArrayDeque<>(List.of(program));
        boolean first = true;
        while (!open.isEmpty() && all.size() < MAX_LIBRARIES) {
            Path next = open.remove();
            Report report = Inspector.inspect(next, Inspection.Depth.VERDICT);
            if (!(report.facts() instanceof Report.Elf(ElfFile elf, _))) {
                continue;
            }
            if (first) {
                elf.interpreter()
                        .ifPresent(path -> {
                            Path there =
                                    root.resolve(path.startsWith("/") ? path.substring(1) : path);
                            all.add(
                                    new Found(
                                            path, Optional.of(there).filter(Files::isRegularFile)));
                            seen.add(String.valueOf(there.getFileName()));
                        });
                first = false;
            }
            for (String name : elf.needed()) {
                if (seen.add(name)) {
                    Optional<Path> path = find(name, elf, next);
                    all.add(new Found(name, path));
                    path.ifPresent(open::add);
                }
            }
        }
        return all;
    }

    private Optional<Path> find(String name, ElfFile wanting, Path program) {
        List<Path> candidates = new ArrayList<>();
        if (name.contains("/")) {
            candidates.add(root.resolve(name.startsWith("/") ? name.substring(1) : name));
        } else {
            wanting.dynamic()
                    .flatMap(d -> d.runpath().or(d::rpath))
                    .ifPresent(paths -> {
                        for (String path : paths.split(":", MAX_CONFIG_FILES)) {
                            candidates.add(expanded(path, program).resolve(name));
                        }
                    });
            for (Path place : places) {
                candidates.add(place.resolve(name));
            }
        }
        return candidates.stream()
                .filter(Files::isRegularFile)
                .filter(path -> isFor(path, wanting))
                .findFirst();
    }

    private Path expanded(String path, Path program) {
        Path parent = program.toAbsolutePath().getParent();
        String origin = String.valueOf(parent);
        String full = path.replace("${ORIGIN}", origin).replace("$ORIGIN", origin);
        return full.equals(path) && path.startsWith("/")
                ? root.resolve(path.substring(1))
                : Path.of(full);
    }

    /// The loader passes over libraries of other machines.
    private static boolean isFor(Path path, ElfFile wanting) {
        try {
            Report report = Inspector.inspect(path, Inspection.Depth.VERDICT);
            return report.facts() instanceof Report.Elf(ElfFile elf, _)
                    && elf.header().machine() == wanting.header().machine()
                    && elf.header().layout().equals(wanting.header().layout())
                    && elf.dynamic().map(Dynamic::needed).isPresent();
        } catch (IOException _) {
            return false;
        }
    }

    /// `/etc/ld.so.conf`: directories, and patterns of further files.
    private void configured(Path file, int depth) {
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException _) {
            return; // none is as good as an empty one
        }
        for (String line : lines) {
            String text = line.split("#", 2)[0].strip();
            if (text.startsWith("include ") && depth < 4) {
                String pattern = text.substring("include ".length()).strip();
                Path base =
                        root.resolve(
                                pattern.startsWith("/") ? pattern.substring(1) : "etc/" + pattern);
                included(base, depth);
            } else if (text.startsWith("/")) {
                places.add(root.resolve(text.substring(1)));
            }
        }
    }

    private void included(Path pattern, int depth) {
        Path directory = pattern.getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            return;
        }
        List<Path> files = new ArrayList<>();
        try (var stream =
                Files.newDirectoryStream(directory, String.valueOf(pattern.getFileName()))) {
            stream.forEach(files::add);
        } catch (IOException _) {
            return;
        }
        files.stream().sorted().limit(MAX_CONFIG_FILES).forEach(f -> configured(f, depth + 1));
    }
}
