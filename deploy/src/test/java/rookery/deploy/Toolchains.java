package rookery.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The toolchains that this user's cache holds, for caches that are otherwise a test's own: making
/// them takes minutes, and they are named by everything that makes them up.
final class Toolchains {
    private static final List<String> PARTS = List.of("wheels", "prefix", "zig", "setup", "apt");

    /// What each machine compiles for itself.
    private static final String COMPILED = "zig";

    private Toolchains() {}

    /// Like [#linkedTo], but the C library is yet to be compiled there.
    static Path uncompiledIn(Path cache) throws IOException, InterruptedException {
        return linked(cache, PARTS.stream().filter(p -> !p.equals(COMPILED)).toList());
    }

    /// A cache directory (for XDG_CACHE_HOME) with hard links to the toolchains that are there, and
    /// no Go build cache.
    static Path linkedTo(Path cache) throws IOException, InterruptedException {
        return linked(cache, PARTS);
    }

    private static Path linked(Path cache, List<String> parts)
            throws IOException, InterruptedException {
        String set = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        Path own =
                (set.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(set))
                        .resolve("rookery");
        Path to = Files.createDirectories(cache.resolve("rookery"));
        for (String part : parts) {
            if (!Files.isDirectory(own.resolve(part))) continue;
            var said =
                    Rookery.process(to, "cp", "-al", own.resolve(part).toString(), to.toString());
            // Across file systems there are no hard links.
            if (said.exit() != 0)
                said = Rookery.process(to, "cp", "-a", own.resolve(part).toString(), to.toString());
            if (said.exit() != 0) throw new IOException(said.err());
        }
        return cache;
    }
}
