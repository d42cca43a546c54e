package rookery.cli.spec;

import static rookery.cli.spec.Grammar.quoted;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import rookery.model.JobSpec;
import rookery.model.Target;
import rookery.oci.Platform;

/// Platforms as a spec and the command line name them.
public final class Platforms {
    static final Grammar GRAMMAR = new Grammar("a platform", pattern(), text -> complaint(text));

    private Platforms() {}

    /// The platforms that exist, for sentences.
    public static String possible() {
        return Target.all().stream()
                .map(t -> t.platform().toString())
                .collect(Collectors.joining(", "));
    }

    /// What is asked for by `linux/amd64`, `linux/amd64/v3` or `linux/arm64/v8`; empty where
    /// Rookery cannot build for it.
    public static Optional<JobSpec.Wanted> find(String text) {
        Platform platform;
        try {
            platform = Platform.parse(text);
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
        return Target.of(platform)
                .flatMap(target ->
                        level(target, platform)
                                .map(level -> new JobSpec.Wanted(target, level, true)));
    }

    /// Why a text is no platform of ours, if it is none.
    public static Optional<Complaint> complaint(String text) {
        if (find(text).isPresent()) return Optional.empty();
        List<String> all = Target.all().stream().map(t -> t.platform().toString()).toList();
        return Optional.of(
                new Complaint(
                        quoted(text) + " is no platform that Rookery builds for",
                        DidYouMean.among(all, text)
                                .map(w -> "did you mean '" + w + "'? Possible are " + possible())
                                .orElse("possible are " + possible())));
    }

    /// The platforms of a spec that the command line asks for. A name without a level stands for
    /// all levels of its family.
    ///
    /// @param complaints receives one for each name that is no platform, or none of the spec
    public static List<JobSpec.Wanted> narrow(
            List<JobSpec.Wanted> all, List<String> names, List<Complaint> complaints) {
        var chosen = new LinkedHashSet<JobSpec.Wanted>();
        for (String name : names) {
            Optional<Complaint> none = complaint(name);
            none.ifPresent(complaints::add);
            if (none.isPresent()) continue;
            JobSpec.Wanted meant = find(name).orElseThrow();
            List<JobSpec.Wanted> found =
                    all.stream().filter(w -> Crosscheck.covers(meant, w.platform())).toList();
            if (found.isEmpty()) {
                complaints.add(
                        new Complaint(
                                quoted(name) + " is not among the spec's platforms",
                                "it has "
                                        + all.stream()
                                                .map(w -> w.platform().toString())
                                                .collect(Collectors.joining(", "))));
            }
            chosen.addAll(found);
        }
        return List.copyOf(chosen);
    }

    private static Optional<Target.Level> level(Target target, Platform platform) {
        if (platform.variant().isEmpty()) return Optional.of(target.defaultLevel());
        return target.levels().stream()
                .filter(l -> names(l).contains(platform.variant().get()))
                .findFirst();
    }

    /// What a level is called behind the second slash: OCI's variant, Go's word, and Go's word
    /// without its minor number (`v8` for `v8.0`).
    private static List<String> names(Target.Level level) {
        var names = new LinkedHashSet<String>();
        level.variant().ifPresent(names::add);
        names.add(level.name());
        if (level.name().endsWith(".0"))
            names.add(level.name().substring(0, level.name().length() - 2));
        return List.copyOf(names);
    }

    private static String pattern() {
        return Target.all().stream()
                .map(t ->
                        t.platform()
                                + t.levels().stream()
                                        .flatMap(l -> names(l).stream())
                                        .map(n -> "/" + n.replace(".", "\\."))
                                        .collect(Collectors.joining("|", "(", ")?")))
                .collect(Collectors.joining("|", "^(", ")$"));
    }
}
