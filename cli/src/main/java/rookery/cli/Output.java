package rookery.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.cli.spec.Problem;
import rookery.cli.view.Harmless;
import rookery.cli.view.JobReport;
import rookery.cli.view.Results;
import rookery.cli.view.Step;
import rookery.cli.view.Summary;
import rookery.model.Failure;
import rookery.oci.json.Json;

/// How commands write what they have to say.
final class Output {
    /// What stdout carries.
    enum Format {
        TEXT,
        JSON
    }

    private Output() {}

    static void problems(Context context, List<Problem> problems) {
        problems.forEach(p -> context.err().println(Harmless.line(p.toString())));
        context.err()
                .println(
                        "rookery: "
                                + problems.size()
                                + (problems.size() == 1 ? " problem" : " problems")
                                + " in the spec; nothing was built");
    }

    /// As [#problems], and as a document where that is asked for.
    static void refused(Context context, Format format, List<Problem> problems) {
        problems(context, problems);
        if (format == Format.TEXT) return;
        var out = new LinkedHashMap<String, Json>();
        out.put("exit_code", Json.number(ExitCodes.USAGE));
        out.put("problems", SpecSource.json(problems));
        context.out().print(Pretty.print(new Json.Obj(out)));
    }

    /// What a build came to, in the form that is asked for.
    ///
    /// @param request empty where nothing was written
    static void whole(
            Context context,
            Format format,
            BuildFlow.Built built,
            Optional<BuildFlow.Request> request) {
        switch (format) {
            case TEXT -> built(context, built, request);
            case JSON -> {
                Results results = built.results().orElseThrow();
                SortedMap<String, String> paths = new TreeMap<>();
                built.dist()
                        .ifPresent(d -> request.ifPresent(r -> paths.putAll(d.paths(r.named()))));
                context.out()
                        .print(
                                Pretty.print(
                                        JobReport.json(
                                                results,
                                                built.exitCode(),
                                                built.took(),
                                                paths,
                                                built.logs())));
                context.out().flush();
                failures(context, built, results);
            }
        }
    }

    /// What a build came to, for people: results on stdout, reasons on stderr.
    static void built(Context context, BuildFlow.Built built, Optional<BuildFlow.Request> request) {
        Results results = built.results().orElseThrow();
        var summary = new Summary(context.terminal().out());
        summary.programs(results).forEach(context.out()::println);
        if (request.isPresent()) {
            List<String> paths = BuildFlow.paths(built, request.get());
            if (!paths.isEmpty()) context.out().println();
            paths.forEach(context.out()::println);
        }
        context.out().flush();
        failures(context, built, results);
        context.err().println("rookery: " + summary.time(results, built.took()));
    }

    /// Why things are not there.
    static void failures(Context context, BuildFlow.Built built, Results results) {
        var summary = new Summary(context.terminal().err());
        for (Step step : results.failures()) {
            context.err().println();
            summary.failure(step, Optional.ofNullable(built.logs().get(step.id())))
                    .forEach(context.err()::println);
        }
        built.failure()
                .ifPresent(kind -> {
                    context.err().println();
                    context.err().println("rookery: " + ending(kind));
                });
    }

    static String ending(Failure.Kind kind) {
        return ExitCodes.meaning(kind) + " (exit code " + kind.exitCode() + ")";
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
