package rookery.cli.embedded;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// Where this user's things lie, by the XDG base directories.
///
/// @param cache may be deleted at any time
/// @param state results, jobs and logs
/// @param goRoot the Go that builds
public record Homes(Path home, Path cache, Path state, Path goRoot) {

    public static Homes of(Map<String, String> env) {
        Path home = home(env);
        return new Homes(
                home,
                cache(env),
                xdg(env, "XDG_STATE_HOME", home.resolve(".local").resolve("state")),
                goRoot(env));
    }

    /// Where the cache lies, for commands that build nothing and need no Go.
    public static Path cache(Map<String, String> env) {
        return xdg(env, "XDG_CACHE_HOME", home(env).resolve(".cache"));
    }

    private static Path home(Map<String, String> env) {
        return Path.of(env.getOrDefault("HOME", System.getProperty("user.home")));
    }

    /// A relative path is to be ignored, as the specification has it.
    private static Path xdg(Map<String, String> env, String name, Path usual) {
        String set = env.getOrDefault(name, "");
        Path base = set.isEmpty() || !Path.of(set).isAbsolute() ? usual : Path.of(set);
        return base.resolve("rookery");
    }

    private static Path goRoot(Map<String, String> env) {
        String set = env.getOrDefault("ROOKERY_GOROOT", "");
        if (!set.isEmpty()) return Path.of(set);
        for (String directory : env.getOrDefault("PATH", "").split(File.pathSeparator, -1)) {
            Path go = Path.of(directory).resolve("go");
            if (directory.isEmpty() || !Files.isExecutable(go)) continue;
            try {
                Path root = go.toRealPath().resolve("../..").normalize();
                if (Files.exists(root.resolve("VERSION"))) return root;
            } catch (IOException e) {
                throw new RookeryException(
                        Blame.HOST, go + " cannot be followed to its GOROOT: " + e, e);
            }
        }
        throw new RookeryException(
                Blame.HOST,
                "no Go was found on PATH; install Go 1.26 or newer, start Rookery by ./rookery, or name a GOROOT in ROOKERY_GOROOT");
    }
}
