package rookery.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import rookery.cli.dist.DistWriter;
import rookery.cli.farm.FarmClient;
import rookery.cli.view.Harmless;
import rookery.cli.view.JobReport;
import rookery.cli.view.OwnTime;
import rookery.cli.view.Results;
import rookery.cli.view.Step;
import rookery.cli.view.Times;
import rookery.model.Blame;
import rookery.model.Failure;
import rookery.model.RookeryException;
import rookery.model.StepIds;
import rookery.oci.json.Json;

/// `rookery demo`.
@Command(
        name = "demo",
        description = "Builds the examples from source, runs them, and says what it took.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  rookery demo", "  rookery demo /tmp/results --progress plain"})
final class DemoCommand implements Callable<Integer> {
    /// The quick ones first, so that there is something to see.
    private static final List<String> EXAMPLES = List.of("sqrt", "sqlite", "curl");

    private static final int LINES_SHOWN = 20;

    private final Context context;

    @Parameters(
            paramLabel = "DIR",
            arity = "0..1",
            description = "Where the results go (default: dist/demo).")
    private Path directory = Path.of("dist", "demo");

    @Mixin private BuildOptions options = new BuildOptions();

    DemoCommand(Context context) {
        this.context = context;
    }

    private record Example(String name, SpecSource source, BuildFlow.Request request) {}

    private record Shown(String name, BuildFlow.Built built) {}

    @Override
    public Integer call() {
        List<Example> examples = examples();
        for (Example example : examples) {
            if (example.source.project().isEmpty()) {
                Output.problems(context, example.source.problems());
                return ExitCodes.USAGE;
            }
        }
        var shown = new ArrayList<Shown>();
        Instant from;
        try (FarmClient farm = context.farms().start();
                var _ = context.interrupts().during(farm::close)) {
            from = context.clock().instant();
            for (Example example : examples) {
                context.err().println("rookery: building " + example.name);
                BuildFlow.Built built =
                        new BuildFlow(context, farm)
                                .build(example.source.project().orElseThrow(), example.request);
                if (built.results().isEmpty()) {
                    Output.problems(context, built.problems());
                    return ExitCodes.USAGE;
                }
                shown.add(new Shown(example.name, built));
                if (options.output() == Output.Format.TEXT) show(example, built);
                // Whoever cancels one example means the demo.
                if (built.failure().equals(Optional.of(Failure.Kind.CANCELLED))) break;
            }
        }
        OwnTime time =
                OwnTime.of(
                        shown.stream()
                                .flatMap(s -> s.built.results().stream())
                                .flatMap(r -> r.job().steps().stream())
                                .toList(),
                        from,
                        context.clock().instant());
        switch (options.output()) {
            case TEXT -> table(shown, time);
            case JSON -> json(examples, shown, time);
        }
        return shown.stream()
                .mapToInt(s -> s.built.exitCode())
                .filter(code -> code != ExitCodes.OK)
                .findFirst()
                .orElse(ExitCodes.OK);
    }

    private List<Example> examples() {
        Path home =
                Path.of(
                        context.variable("ROOKERY_HOME")
                                .orElseThrow(() ->
                                        new RookeryException(
                                                Blame.SPEC,
                                                "ROOKERY_HOME does not say where the examples are;"
                                                        + " start the demo as ./rookery demo from a"
                                                        + " checkout")));
        Progress.Kind progress = options.progress(context);
        var examples = new ArrayList<Example>();
        for (String name : EXAMPLES) {
            Path spec = home.resolve("examples").resolve(name).resolve(SpecSource.USUAL_NAME);
            if (!Files.exists(spec))
                throw new RookeryException(
                        Blame.SPEC, spec + " is not there; is the checkout whole?");
            BuildFlow.Request request =
                    BuildOptions.request(context, directory.resolve(name), false, false, progress);
            DistWriter.check(request.dist());
            examples.add(new Example(name, SpecSource.read(context.directory(), spec), request));
        }
        return examples;
    }

    private void show(Example example, BuildFlow.Built built) {
        context.out().println();
        context.out().println("== " + example.name);
        for (Results.Program program : built.results().orElseThrow().programs()) {
            program.stdout()
                    .ifPresent(text -> {
                        context.out().println(program.wanted().platform() + " says:");
                        text.lines()
                                .limit(LINES_SHOWN)
                                .forEach(l -> context.out().println("    " + Harmless.line(l)));
                    });
        }
        Output.built(context, built, Optional.of(example.request));
    }

    private void table(List<Shown> shown, OwnTime time) {
        context.out().println();
        String form = "%-9s %-15s %-6s %10s  %-11s %-7s %s%n";
        context.out()
                .printf(form, "example", "platform", "", "size", "linkage", "libc", "built in");
        for (Shown example : shown) {
            for (Results.Program program : example.built.results().orElseThrow().programs()) {
                boolean good = program.failed().isEmpty() && program.binary().isPresent();
                context.out()
                        .printf(
                                form,
                                example.name,
                                program.wanted().platform(),
                                good ? "ok" : "FAILED",
                                program.binary().map(b -> Times.size(b.sizeBytes())).orElse("-"),
                                program.linkage(),
                                program.libc(),
                                program.recalled()
                                        ? "recalled"
                                        : Times.brief(goBuild(example, program)));
            }
        }
        context.out().println();
        context.out().println(time.sentence());
        context.out().println("results are in " + Harmless.line(directory.toString()));
    }

    private Duration goBuild(Shown example, Results.Program program) {
        String id = StepIds.goBuild(program.build().id(), program.wanted().platform()).value();
        Optional<Step> step = example.built.results().flatMap(r -> r.job().step(id));
        return step.map(s -> s.elapsed(example.built.to())).orElse(Duration.ZERO);
    }

    private void json(List<Example> examples, List<Shown> shown, OwnTime time) {
        var builds = new ArrayList<Json>();
        for (int i = 0; i < shown.size(); i++) {
            BuildFlow.Built built = shown.get(i).built;
            String named = examples.get(i).request.named();
            builds.add(
                    JobReport.json(
                            built.results().orElseThrow(),
                            built.exitCode(),
                            built.took(),
                            built.dist().map(d -> d.paths(named)).orElseGet(java.util.TreeMap::new),
                            built.logs()));
        }
        var out = new java.util.LinkedHashMap<String, Json>();
        out.put("wall_ms", Json.number(time.wall().toMillis()));
        out.put("own_ms", Json.number(time.own().toMillis()));
        out.put("builds", new Json.Arr(builds));
        context.out().print(Pretty.print(new Json.Obj(out)));
    }
}
