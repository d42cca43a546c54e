package rookery.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import rookery.cli.dist.DistWriter;
import rookery.cli.farm.FarmClient;
import rookery.cli.farm.JobRun;
import rookery.cli.pack.Project;
import rookery.cli.pack.SourcePacker;
import rookery.cli.spec.Problem;
import rookery.cli.spec.Problems;
import rookery.coordinator.blobs.Named;
import rookery.model.Blame;
import rookery.model.JobSpec;
import rookery.model.RookeryException;
import rookery.oci.json.Json;

/// `rookery submit`.
@Command(
        name = "submit",
        description = "Gives a farm a spec to build; with --wait brings the results into dist/.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  rookery submit                     says the job's id at once",
            "  rookery submit --wait --push       as `rookery build --push`, by the farm",
            "  rookery submit --plan-only         which steps would there be?"
        })
final class SubmitCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            description = "The spec (default: rookery.yaml).")
    private Path file = Path.of(SpecSource.USUAL_NAME);

    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH",
            split = ",",
            description = "Build for these platforms of the spec only.")
    private List<String> platforms = new ArrayList<>();

    @Option(names = "--wait", description = "Wait for the end and write dist/.")
    private boolean wait;

    @Option(names = "--push", description = "Push the images to their repositories.")
    private boolean push;

    @Option(
            names = "--allow-drop",
            description = "Let a tag lose platforms that it has in the registry now.")
    private boolean allowDrop;

    @Option(names = "--plan-only", description = "Resolve, and build nothing.")
    private boolean planOnly;

    @Option(
            names = "--request-id",
            paramLabel = "ID",
            description = "The same id is the same job, however often it is submitted.")
    private String requestId = "";

    @Option(
            names = {"-o", "--dist"},
            paramLabel = "DIR",
            description = "Where the results go (default: dist).")
    private Path dist = Path.of("dist");

    @Option(
            names = "--progress",
            paramLabel = "auto|tty|plain|quiet",
            description = "How stderr shows what is going on (default: auto).")
    private String progress = "";

    @Mixin private RemoteOptions remote = new RemoteOptions();

    SubmitCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (planOnly && push)
            throw new RookeryException(
                    Blame.SPEC, "a job that only plans has nothing to push; leave one of both out");
        Progress.Kind shown = BuildOptions.progress(context, progress);
        SpecSource source = SpecSource.read(context.directory(), file);
        if (source.project().isEmpty()) return refused(source.problems());
        BuildFlow.Request request =
                new BuildFlow.Request(
                        requestId.isEmpty() ? context.requestIds().get() : requestId,
                        push,
                        allowDrop,
                        context.directory().resolve(dist),
                        dist.toString(),
                        shown);
        Project project = BuildOptions.narrowed(source.project().get(), platforms);
        try (FarmClient farm = remote.open(context)) {
            return wait && !planOnly
                    ? waited(farm, project, request)
                    : submitted(farm, project, request);
        }
    }

    private int waited(FarmClient farm, Project project, BuildFlow.Request request) {
        DistWriter.check(request.dist());
        BuildFlow.Built built = new BuildFlow(context, farm).build(project, request);
        if (built.results().isEmpty()) return refused(built.problems());
        Output.whole(context, remote.output(), built, Optional.of(request));
        return built.exitCode();
    }

    private int submitted(FarmClient farm, Project project, BuildFlow.Request request) {
        var problems = new Problems();
        Optional<JobSpec> spec =
                new SourcePacker(farm.store().local(), request.dist()).pack(project, problems);
        if (spec.isEmpty()) return refused(problems.sorted());
        farm.store().send(Named.by(spec.get()));
        JobRun run =
                JobRun.submit(
                        farm,
                        spec.get(),
                        new JobRun.Asked(request.requestId(), push, allowDrop, planOnly));
        JobTalk.warnings(context, run);
        if (wait) return WatchCommand.watch(context, farm, run, request.progress(), remote);
        var out = new LinkedHashMap<String, Json>();
        out.put("job", Json.text(run.id()));
        out.put("request_id", Json.text(request.requestId()));
        out.put("warnings", Json.texts(run.warnings()));
        remote.print(context, new Json.Obj(out), text -> text.println(run.id()));
        JobTalk.goesOn(context, run.id());
        return ExitCodes.OK;
    }

    private int refused(List<Problem> problems) {
        Output.refused(context, remote.output(), problems);
        return ExitCodes.USAGE;
    }
}
