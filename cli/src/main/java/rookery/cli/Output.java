package rookery.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import rookery.cli.spec.Problem;
import rookery.cli.view.Harmless;
import rookery.cli.view.Results;
import rookery.cli.view.Step;
import rookery.cli.view.Summary;
import rookery.model.Failure;

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

    /// What a build came to, for people: results on stdout, reasons on stderr.
    static void built(
            Context context, BuildFlow.Built built, BuildFlow.Request request, boolean whole) {
        Results results = built.results().orElseThrow();
        var summary = new Summary(context.terminal().out());
        summary.programs(results).forEach(context.out()::println);
        if (whole) {
            List<String> paths = BuildFlow.paths(built, request);
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
