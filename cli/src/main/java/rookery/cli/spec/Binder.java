package rookery.cli.spec;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import rookery.model.JobSpec;
import rookery.model.Target;
import rookery.model.Toolchain;
import rookery.oci.Platform;

/// Turns what was read without any problem into a [SpecFile]. Nothing can be wrong any more: what
/// is missing here has passed the table, so it would be a bug of the reader.
final class Binder {
    private final Value.Fields spec;
    private final String project;
    private final List<JobSpec.Wanted> platforms;

    private Binder(Value.Fields spec) {
        this.spec = spec;
        this.project = text(spec, "project");
        this.platforms =
                spec.items("platforms").stream()
                        .map(item -> Crosscheck.wanted(item).orElseThrow())
                        .toList();
    }

    static SpecFile bind(Value.Fields spec) {
        var binder = new Binder(spec);
        return new SpecFile(
                binder.project,
                spec.text("source").orElseThrow().located(),
                spec.tables("builds").stream().map(binder::program).toList(),
                binder.portage(),
                binder.platforms,
                toolchain(text(spec, "toolchain")),
                binder.verify(),
                binder.rules(),
                spec.tables("images").stream().map(Binder::image).toList(),
                binder.farm());
    }

    private SpecFile.Program program(Value.Fields build) {
        String id = build.text("id").map(Value.Text::text).orElse(project);
        SortedMap<Platform, JobSpec.Overrides> overrides = new TreeMap<>(Target.order());
        build.fields("overrides")
                .ifPresent(all ->
                        platforms.forEach(w ->
                                override(all, w.platform())
                                        .ifPresent(o -> overrides.put(w.platform(), o))));
        return new SpecFile.Program(
                new JobSpec.Build(
                        id,
                        text(build, "main"),
                        build.text("binary").map(Value.Text::text).orElse(id),
                        texts(build, "flags"),
                        texts(build, "ldflags"),
                        texts(build, "tags"),
                        map(build, "env"),
                        overrides),
                build.text("main").orElseThrow().at());
    }

    /// The override for exactly this platform, or else for its family.
    private static Optional<JobSpec.Overrides> override(Value.Fields all, Platform platform) {
        Optional<String> best = Optional.empty();
        for (String name : all.values().keySet()) {
            JobSpec.Wanted meant = Platforms.find(name).orElseThrow();
            if (meant.platform().equals(platform)) {
                best = Optional.of(name);
                break;
            }
            if (Crosscheck.covers(meant, platform)) best = Optional.of(name);
        }
        return best.flatMap(all::fields)
                .map(o ->
                        new JobSpec.Overrides(
                                list(o, "flags"),
                                list(o, "ldflags"),
                                list(o, "tags"),
                                map(o, "env")));
    }

    private SpecFile.Portage portage() {
        Optional<Value.Fields> portage = spec.fields("portage");
        return portage.map(p ->
                        new SpecFile.Portage(
                                texts(p, "packages"),
                                texts(p, "use"),
                                p.items("repos").stream().map(Binder::repo).toList(),
                                p.text("config").map(Value.Text::located)))
                .orElseGet(() ->
                        new SpecFile.Portage(
                                List.of(),
                                List.of(),
                                Keys.BUILT_IN_REPOS.stream()
                                        .map(r -> new SpecFile.Repo(r, Optional.empty()))
                                        .toList(),
                                Optional.empty()));
    }

    private static SpecFile.Repo repo(Value item) {
        return item instanceof Value.Fields fields
                ? new SpecFile.Repo(
                        text(fields, "name"), fields.text("path").map(Value.Text::located))
                : new SpecFile.Repo(((Value.Text) item).text(), Optional.empty());
    }

    private JobSpec.Verify verify() {
        Optional<Value.Fields> verify = spec.fields("verify");
        return new JobSpec.Verify(
                verify.map(v -> text(v, "policy")).orElse("static"),
                verify.map(v -> v.tables("run")).orElse(List.of()).stream()
                        .map(r ->
                                new JobSpec.RunCheck(
                                        texts(r, "args"),
                                        text(r, "stdout"),
                                        time(text(r, "time_limit"))))
                        .toList());
    }

    private Optional<Located> rules() {
        return spec.fields("verify")
                .flatMap(v -> v.text("policy"))
                .map(Value.Text::located)
                .filter(policy -> policy.text().endsWith(Grammars.RULES));
    }

    private static SpecFile.Image image(Value.Fields image) {
        return new SpecFile.Image(
                text(image, "from"),
                text(image, "repository"),
                image.texts("tags").stream().map(Value.Text::located).toList(),
                texts(image, "entrypoint"),
                map(image, "labels"),
                image.items("include").stream().map(Binder::include).toList());
    }

    private static SpecFile.Include include(Value item) {
        return item instanceof Value.Fields file
                ? new SpecFile.Include.ProjectFile(
                        file.text("path").orElseThrow().located(),
                        text(file, "to"),
                        Integer.parseInt(text(file, "mode"), 8))
                : new SpecFile.Include.CaCertificates(item.at());
    }

    private JobSpec.FarmOptions farm() {
        Optional<Value.Fields> farm = spec.fields("farm");
        return new JobSpec.FarmOptions(
                farm.flatMap(f -> f.text("project")).map(Value.Text::text).orElse(project),
                farm.map(f -> text(f, "trust_domain")).orElse("local"),
                farm.flatMap(f -> f.number("priority")).map(Value.Whole::number).orElse(0),
                new TreeSet<>(farm.map(f -> texts(f, "labels")).orElse(List.of())));
    }

    private static Toolchain toolchain(String word) {
        return List.of(Toolchain.values()).stream()
                .filter(t -> t.word().equals(word))
                .findFirst()
                .orElseThrow();
    }

    private static Duration time(String text) {
        return Durations.parse(text).orElseThrow();
    }

    private static String text(Value.Fields fields, String key) {
        return fields.text(key).orElseThrow().text();
    }

    private static List<String> texts(Value.Fields fields, String key) {
        return fields.texts(key).stream().map(Value.Text::text).toList();
    }

    private static Optional<List<String>> list(Value.Fields fields, String key) {
        return fields.values().containsKey(key)
                ? Optional.of(texts(fields, key))
                : Optional.empty();
    }

    private static SortedMap<String, String> map(Value.Fields fields, String key) {
        SortedMap<String, String> map = new TreeMap<>();
        fields.fields(key)
                .ifPresent(m ->
                        m.values()
                                .forEach((name, value) -> {
                                    if (value instanceof Value.Text text)
                                        map.put(name, text.text());
                                }));
        return map;
    }
}
