package rookery.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import rookery.cli.farm.Calls;
import rookery.cli.farm.FarmClient;
import rookery.cli.farm.JobRun;
import rookery.cli.view.FarmJson;
import rookery.cli.view.Job;
import rookery.model.JobSpec;
import rookery.v1.GetJobRequest;
import rookery.v1.JobView;
import rookery.wire.SpecWire;

/// `rookery watch`.
@Command(
        name = "watch",
        description = "Follows a job to its end; the exit code is the job's.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  rookery watch j1a2b3c4d5e6", "  rookery watch j1a2b3c4d5e6 --output json"})
final class WatchCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "JOB", description = "The job's id.")
    private String job = "";

    @Option(
            names = "--progress",
            paramLabel = "auto|tty|plain|quiet",
            description = "How stderr shows what is going on (default: auto).")
    private String progress = "";

    @Mixin private RemoteOptions remote = new RemoteOptions();

    WatchCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Progress.Kind shown = BuildOptions.progress(context, progress);
        try (FarmClient farm = remote.open(context)) {
            return watch(context, farm, JobRun.of(farm, job), shown, remote);
        }
    }

    static int watch(
            Context context,
            FarmClient farm,
            JobRun run,
            Progress.Kind progress,
            RemoteOptions options) {
        var flow = new BuildFlow(context, farm);
        Job end = flow.watch(run, progress);
        JobView view =
                Calls.make(
                        farm,
                        "looking at job " + run.id(),
                        () ->
                                Calls.soon(farm.jobs())
                                        .get(GetJobRequest.newBuilder().setJob(run.id()).build()));
        JobSpec spec = SpecWire.read(view.getSpec());
        BuildFlow.Built built = flow.ended(spec, end);
        // A plan has no programs to show, only steps.
        if (end.planOnly()) {
            options.print(context, FarmJson.job(end), out -> ShowCommand.print(context, out, end));
            Output.failures(context, built, built.results().orElseThrow());
        } else {
            Output.whole(context, options.output(), built, Optional.empty());
        }
        return built.exitCode();
    }
}
