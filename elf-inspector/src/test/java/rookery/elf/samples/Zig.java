package rookery.elf.samples;

import static java.util.Comparator.comparingLong;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import rookery.elf.Tools;

/// The portable toolchain's C compiler. It lies in the user's cache, where `./rookery toolchain`
/// puts it. The C libraries that it builds for itself are kept beside it: musl takes half a minute.
final class Zig {
    private static final String MISSING =
            "the portable toolchain is not in %s; './rookery toolchain' puts it there, and './rookery test' begins with that";

    private final Path zig;
    private final Path libraries;

    private Zig(Path zig, Path libraries) {
        this.zig = zig;
        this.libraries = libraries;
    }

    static Zig find() {
        String set = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        Path cache =
                (set.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(set))
                        .resolve("rookery");
        // One for each python that a toolchain was made with; any will do.
        try (Stream<Path> prefixes = Files.list(cache.resolve("prefix"))) {
            return prefixes.map(p -> p.resolve("usr/lib/rookery/zig"))
                    .filter(Files::isExecutable)
                    .max(comparingLong(p -> p.toFile().lastModified()))
                    .map(zig -> new Zig(zig, cache.resolve("zig-samples")))
                    .orElseThrow(() -> new AssertionError(MISSING.formatted(cache)));
        } catch (IOException e) {
            throw new AssertionError(MISSING.formatted(cache), e);
        }
    }

    /// @param dir where the sources are and the sample will be
    byte[] compile(Path dir, String name, String target, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(zig.toString(), "cc", "-target", target, "-O2"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-o", name));
        new Tools(dir)
                .run(
                        Map.of(
                                "ZIG_GLOBAL_CACHE_DIR",
                                libraries.toString(),
                                "ZIG_LOCAL_CACHE_DIR",
                                libraries.toString()),
                        command);
        return Files.readAllBytes(dir.resolve(name));
    }
}
