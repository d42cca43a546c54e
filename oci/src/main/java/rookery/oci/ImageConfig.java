package rookery.oci;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// How a container of this image is started, and which uncompressed layers (`diffIds`) make its
/// root. The time is the caller's: two builds of the same binaries give the same bytes.
public record ImageConfig(
        Platform platform,
        Optional<Instant> created,
        Optional<String> user,
        List<String> env,
        List<String> entrypoint,
        List<String> cmd,
        Optional<String> workingDir,
        SortedMap<String, String> labels,
        List<Digest> diffIds,
        List<History> history) {
    /// How one layer (or an `emptyLayer`, which has none) came to be.
    public record History(
            Optional<Instant> created, Optional<String> createdBy, boolean emptyLayer) {}

    public ImageConfig {
        env = List.copyOf(env);
        entrypoint = List.copyOf(entrypoint);
        cmd = List.copyOf(cmd);
        labels = Annotations.sorted(labels);
        diffIds = List.copyOf(diffIds);
        history = List.copyOf(history);
        for (String variable : env) {
            if (variable.indexOf('=') < 1) {
                throw new IllegalArgumentException(
                        "an image's env has NAME=value, not '" + Printable.clip(variable) + "'");
            }
        }
    }

    /// The least that runs: a platform, what to start, the layers.
    public static ImageConfig of(Platform platform, List<String> entrypoint, List<Digest> diffIds) {
        return new ImageConfig(
                platform,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                entrypoint,
                List.of(),
                Optional.empty(),
                new TreeMap<>(),
                diffIds,
                List.of());
    }

    public ImageConfig withCreated(Instant to) {
        return new ImageConfig(
                platform,
                Optional.of(to),
                user,
                env,
                entrypoint,
                cmd,
                workingDir,
                labels,
                diffIds,
                history);
    }

    public ImageConfig withUser(String to) {
        return new ImageConfig(
                platform,
                created,
                Optional.of(to),
                env,
                entrypoint,
                cmd,
                workingDir,
                labels,
                diffIds,
                history);
    }

    public ImageConfig withEnv(List<String> to) {
        return new ImageConfig(
                platform, created, user, to, entrypoint, cmd, workingDir, labels, diffIds, history);
    }

    public ImageConfig withCmd(List<String> to) {
        return new ImageConfig(
                platform, created, user, env, entrypoint, to, workingDir, labels, diffIds, history);
    }

    public ImageConfig withLabels(Map<String, String> to) {
        return new ImageConfig(
                platform,
                created,
                user,
                env,
                entrypoint,
                cmd,
                workingDir,
                new TreeMap<>(to),
                diffIds,
                history);
    }

    public ImageConfig withHistory(List<History> to) {
        return new ImageConfig(
                platform, created, user, env, entrypoint, cmd, workingDir, labels, diffIds, to);
    }
}
