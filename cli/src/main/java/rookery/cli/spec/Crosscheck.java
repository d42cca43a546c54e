package rookery.cli.spec;

import static rookery.cli.spec.Grammar.quoted;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import rookery.model.JobSpec;
import rookery.model.Target;
import rookery.oci.Platform;

/// What one key alone cannot know: whether names that refer to each other fit. It works on whatever
/// the walker could read, so that these problems are told together with all others.
final class Crosscheck {
    private final Value.Fields spec;
    private final Problems problems;
    private final Optional<String> project;

    private Crosscheck(Value.Fields spec, Problems problems) {
        this.spec = spec;
        this.problems = problems;
        this.project = spec.text("project").map(Value.Text::text);
    }

    static void check(Value.Fields spec, Problems problems) {
        var check = new Crosscheck(spec, problems);
        List<Platform> platforms = check.platforms();
        check.builds(platforms);
        check.portage();
        check.images(platforms);
    }

    /// The platform that an item asks for, if it is a valid one.
    static Optional<JobSpec.Wanted> wanted(Value item) {
        return switch (item) {
            case Value.Text text -> Platforms.find(text.text());
            case Value.Fields fields ->
                    fields.text("platform")
                            .flatMap(p -> Platforms.find(p.text()))
                            .flatMap(w -> leveled(w, fields));
            case Value.Whole _, Value.Flag _, Value.Items _ -> Optional.empty();
        };
    }

    private static Optional<JobSpec.Wanted> leveled(JobSpec.Wanted wanted, Value.Fields fields) {
        boolean required = fields.flag("required").map(Value.Flag::on).orElse(true);
        Optional<Target.Level> level =
                fields.text("level").isEmpty()
                        ? Optional.of(wanted.level())
                        : fields.text("level").flatMap(l -> wanted.target().level(l.text()));
        return level.map(l -> new JobSpec.Wanted(wanted.target(), l, required));
    }

    private List<Platform> platforms() {
        SequencedMap<Platform, Position> seen = new LinkedHashMap<>();
        for (Value item : spec.items("platforms")) {
            if (item instanceof Value.Fields fields) level(fields);
            Optional<Platform> platform = wanted(item).map(JobSpec.Wanted::platform);
            if (platform.isEmpty()) continue;
            Position before = seen.putIfAbsent(platform.get(), item.at());
            if (before != null) {
                problems.add(
                        item.at(),
                        quoted(platform.get().toString())
                                + " is asked for twice, first in line "
                                + before.line(),
                        "keep one of them; an index tells platforms apart by their variant only");
            }
        }
        return List.copyOf(seen.keySet());
    }

    private void level(Value.Fields fields) {
        Optional<Value.Text> level = fields.text("level");
        Optional<Value.Text> name = fields.text("platform");
        Optional<JobSpec.Wanted> wanted = name.flatMap(p -> Platforms.find(p.text()));
        if (level.isEmpty() || wanted.isEmpty()) return;
        Target target = wanted.get().target();
        Optional<Target.Level> found = target.level(level.get().text());
        List<String> known = target.levels().stream().map(Target.Level::name).toList();
        if (found.isEmpty()) {
            problems.add(
                    level.get().at(),
                    quoted(level.get().text()) + " is no level of " + target.platform(),
                    "possible are " + String.join(", ", known));
        } else if (!name.orElseThrow().text().equals(target.platform().toString())
                && !found.get().equals(wanted.get().level())) {
            problems.add(
                    level.get().at(),
                    quoted(level.get().text())
                            + " contradicts the platform "
                            + quoted(name.get().text()),
                    "keep one of them");
        }
    }

    private void builds(List<Platform> platforms) {
        SequencedMap<String, Position> ids = new LinkedHashMap<>();
        for (Value.Fields build : spec.tables("builds")) {
            Position at = build.text("id").map(Value::at).orElse(build.at());
            Optional<String> id = id(build);
            Position before = id.map(i -> ids.putIfAbsent(i, at)).orElse(null);
            if (before != null) {
                problems.add(
                        at,
                        "two builds have the id "
                                + quoted(id.get())
                                + ", the first in line "
                                + before.line(),
                        "give each an id of its own");
            }
            LinkerFlags.check(build.texts("ldflags"), problems);
            build.fields("overrides").ifPresent(o -> overrides(o, platforms));
        }
    }

    private void overrides(Value.Fields overrides, List<Platform> platforms) {
        overrides
                .values()
                .forEach((name, value) -> {
                    if (value instanceof Value.Fields fields)
                        LinkerFlags.check(fields.texts("ldflags"), problems);
                    boolean known =
                            Platforms.find(name).stream()
                                    .anyMatch(w -> platforms.stream().anyMatch(p -> covers(w, p)));
                    if (!known && !platforms.isEmpty()) {
                        problems.add(
                                overrides.keys().getOrDefault(name, overrides.at()),
                                "an override for " + quoted(name) + ", which is not built",
                                "remove it, or name the platform under platforms:");
                    }
                });
    }

    /// Whether an override is meant for a platform: the same one, or its family without a level.
    static boolean covers(JobSpec.Wanted override, Platform platform) {
        return override.platform().equals(platform)
                || (override.platform().variant().isEmpty()
                        && Target.of(platform).equals(Optional.of(override.target())));
    }

    private void portage() {
        var repos = new ArrayList<String>();
        for (Value item : spec.fields("portage").map(p -> p.items("repos")).orElse(List.of())) {
            Optional<Value.Text> name =
                    switch (item) {
                        case Value.Text text -> Optional.of(text);
                        case Value.Fields fields -> fields.text("name");
                        case Value.Whole _, Value.Flag _, Value.Items _ -> Optional.empty();
                    };
            name.ifPresent(n -> repo(n, item instanceof Value.Fields, repos));
        }
        for (Value.Text atom :
                spec.fields("portage").map(p -> p.texts("packages")).orElse(List.of())) {
            Atom.repo(atom.text())
                    .filter(r -> !repos.contains(r))
                    .ifPresent(r ->
                            problems.add(
                                    atom.at(),
                                    quoted(atom.text())
                                            + " asks for a repository that is not there",
                                    DidYouMean.sentence(
                                            repos,
                                            r,
                                            "under repos: there are " + String.join(", ", repos))));
        }
    }

    private void repo(Value.Text name, boolean hasPath, List<String> repos) {
        if (repos.contains(name.text())) {
            problems.add(
                    name.at(),
                    "the repository " + quoted(name.text()) + " is named twice",
                    "keep one of them");
            return;
        }
        repos.add(name.text());
        boolean builtIn = Keys.BUILT_IN_REPOS.contains(name.text());
        if (!hasPath && !builtIn) {
            problems.add(
                    name.at(),
                    "no agent brings a repository " + quoted(name.text()),
                    "say where it lies in the project, as in {name: "
                            + name.text()
                            + ", path: overlay}; agents bring "
                            + String.join(", ", Keys.BUILT_IN_REPOS));
        }
        if (hasPath && builtIn) {
            problems.add(
                    name.at(),
                    "the repository " + quoted(name.text()) + " is brought by every agent",
                    "give yours another name, also in its profiles/repo_name");
        }
    }

    private void images(List<Platform> platforms) {
        List<String> ids = spec.tables("builds").stream().flatMap(b -> id(b).stream()).toList();
        SequencedMap<String, Position> repositories = new LinkedHashMap<>();
        for (Value.Fields image : spec.tables("images")) {
            image.text("from")
                    .filter(from -> !ids.isEmpty() && !ids.contains(from.text()))
                    .ifPresent(from ->
                            problems.add(
                                    from.at(),
                                    "no build has the id " + quoted(from.text()),
                                    DidYouMean.sentence(
                                            ids,
                                            from.text(),
                                            "there are " + String.join(", ", ids))));
            image.text("repository")
                    .ifPresent(r -> {
                        Position before = repositories.putIfAbsent(r.text(), r.at());
                        if (before != null)
                            problems.add(
                                    r.at(),
                                    "two images go to "
                                            + quoted(r.text())
                                            + ", the first in line "
                                            + before.line(),
                                    "give each a repository of its own");
                    });
            boolean possible =
                    platforms.stream()
                            .anyMatch(p -> Target.of(p).filter(Target::inImages).isPresent());
            if (!platforms.isEmpty() && !possible) {
                problems.add(
                        image.at(),
                        "an image, but no platform that can have one",
                        "add a Linux platform, or remove the image");
            }
            includes(image);
        }
    }

    private void includes(Value.Fields image) {
        SequencedMap<String, Position> paths = new LinkedHashMap<>();
        for (Value item : image.items("include")) {
            String to =
                    switch (item) {
                        case Value.Fields file -> file.text("to").map(Value.Text::text).orElse("");
                        case Value.Text _ -> SpecFile.CA_BUNDLE;
                        case Value.Whole _, Value.Flag _, Value.Items _ -> "";
                    };
            if (to.isEmpty()) continue;
            if (paths.putIfAbsent(to, item.at()) != null)
                problems.add(item.at(), quoted(to) + " is included twice", "keep one of them");
        }
    }

    /// A build's id, or what it is when nobody wrote one.
    private Optional<String> id(Value.Fields build) {
        return build.keys().containsKey("id") ? build.text("id").map(Value.Text::text) : project;
    }
}
