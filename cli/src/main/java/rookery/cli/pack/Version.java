package rookery.cli.pack;

import java.time.Instant;
import java.util.Optional;

/// What git says about the version of a source directory.
///
/// | the commit | version |
/// |---|---|
/// | has the tag `v1.2.3` | `1.2.3` |
/// | is four after that tag | `1.2.3-4-g0123456789ab` |
/// | comes after no tag | `0.0.0-g0123456789ab` |
/// | no commit, or no git | `0.0.0-dev` |
///
/// `-dirty` is added when tracked files have changed since. A leading `v` before a digit goes; what
/// cannot stand in a file name becomes `-`.
///
/// @param commit the full hash, empty where there is none
record Version(String version, String commit, Instant commitTime) {
    static final Version NONE = new Version("0.0.0-dev", "", Instant.EPOCH);

    private static final String ABBREVIATE = "--abbrev=12";

    static Version of(Git git) {
        Optional<String> commit = line(git, "rev-parse", "--verify", "--quiet", "HEAD");
        Optional<String> time = line(git, "show", "-s", "--format=%ct", "HEAD");
        if (commit.isEmpty() || time.isEmpty()) return NONE;
        String described =
                line(git, "describe", "--tags", "--dirty", ABBREVIATE)
                        .or(() ->
                                line(git, "describe", "--always", "--dirty", ABBREVIATE)
                                        .map(hash -> "0.0.0-g" + hash))
                        .orElse(NONE.version);
        return new Version(
                clean(described), commit.get(), Instant.ofEpochSecond(Long.parseLong(time.get())));
    }

    private static String clean(String described) {
        String bare = described.matches("v[0-9].*") ? described.substring(1) : described;
        return bare.replaceAll("[^0-9A-Za-z._+-]", "-");
    }

    private static Optional<String> line(Git git, String... words) {
        return git.ask(words).flatMap(Git.Answer::line);
    }
}
