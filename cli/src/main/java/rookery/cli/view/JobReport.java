package rookery.cli.view;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import rookery.oci.json.Json;

/// A finished job as one JSON document; docs/output.md describes it.
public final class JobReport {
    private JobReport() {}

    /// @param paths where binaries (`<build>/<platform>`) and layouts (the repository) lie, if they
    ///   were written
    /// @param logs the paths of failed steps' logs, by step
    public static Json json(
            Results results,
            int exitCode,
            Duration took,
            SortedMap<String, String> paths,
            SortedMap<String, String> logs) {
        var out = new LinkedHashMap<String, Json>();
        out.put("job", Json.text(results.job().id()));
        out.put("project", Json.text(results.spec().project()));
        out.put(
                "state",
                Json.text(results.job().state().name().toLowerCase(java.util.Locale.ROOT)));
        out.put("exit_code", Json.number(exitCode));
        out.put("version", Json.text(results.spec().source().version()));
        out.put("commit", Json.text(results.spec().source().commit()));
        out.put("took_ms", Json.number(took.toMillis()));
        List<Step> steps = results.job().steps();
        out.put("steps", Json.number(steps.size()));
        out.put("recalled", Json.number(steps.stream().filter(Step::recalled).count()));
        out.put(
                "binaries",
                new Json.Arr(results.programs().stream().map(p -> program(p, paths)).toList()));
        out.put(
                "images",
                new Json.Arr(results.images().stream().map(i -> image(i, paths)).toList()));
        out.put(
                "failures",
                new Json.Arr(results.failures().stream().map(s -> failure(s, logs)).toList()));
        return new Json.Obj(out);
    }

    private static Json program(Results.Program program, Map<String, String> paths) {
        var out = new LinkedHashMap<String, Json>();
        String platform = program.wanted().platform().toString();
        out.put("build", Json.text(program.build().id()));
        out.put("platform", Json.text(platform));
        out.put("level", Json.text(program.wanted().level().name()));
        out.put("required", new Json.Bool(program.wanted().required()));
        boolean good = program.failed().isEmpty() && program.binary().isPresent();
        out.put("ok", new Json.Bool(good));
        program.binary()
                .filter(_ -> good)
                .ifPresent(b -> {
                    out.put("digest", Json.text(b.digest().toString()));
                    out.put("size_bytes", Json.number(b.sizeBytes()));
                });
        text(out, "verdict", program.verdict());
        text(out, "linkage", program.linkage());
        text(out, "libc", program.libc());
        text(out, "summary", program.summary());
        program.stdout().ifPresent(s -> out.put("stdout", Json.text(whole(s))));
        out.put("recalled", new Json.Bool(program.recalled()));
        put(out, "path", paths.get(program.build().id() + "/" + platform));
        return new Json.Obj(out);
    }

    private static Json image(Results.Image image, Map<String, String> paths) {
        var out = new LinkedHashMap<String, Json>();
        out.put("repository", Json.text(image.image().repository()));
        out.put("tags", Json.texts(image.image().tags()));
        out.put("platforms", Json.texts(image.platforms()));
        image.index().ifPresent(b -> out.put("index", Json.text(b.digest().toString())));
        out.put("pushed", new Json.Bool(image.pushed()));
        put(out, "path", paths.get(image.image().repository()));
        return new Json.Obj(out);
    }

    private static Json failure(Step step, Map<String, String> logs) {
        var failure = step.failure().orElseThrow();
        var out = new LinkedHashMap<String, Json>();
        out.put("step", Json.text(step.id()));
        text(out, "platform", step.platform());
        out.put("required", new Json.Bool(step.required()));
        out.put("kind", Json.text(failure.kind().name()));
        out.put("exit_code", Json.number(failure.kind().exitCode()));
        out.put("message", Json.text(whole(failure.message())));
        out.put("excerpt", Json.texts(failure.excerpt().stream().map(JobReport::whole).toList()));
        put(out, "log", logs.get(step.id()));
        return new Json.Obj(out);
    }

    private static void text(Map<String, Json> out, String name, String text) {
        if (!text.isEmpty()) out.put(name, Json.text(whole(text)));
    }

    private static void put(
            Map<String, Json> out, String name, @org.jspecify.annotations.Nullable String text) {
        Optional.ofNullable(text).ifPresent(t -> out.put(name, Json.text(t)));
    }

    /// Half a surrogate pair has no UTF-8, so JSON cannot hold it.
    static String whole(String text) {
        return text.codePoints()
                .map(c -> Character.getType(c) == Character.SURROGATE ? 0xfffd : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
