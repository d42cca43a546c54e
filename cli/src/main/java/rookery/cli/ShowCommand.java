package rookery.cli;

import java.io.PrintStream;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import rookery.cli.farm.FarmClient;
import rookery.cli.farm.JobLook;
import rookery.cli.view.FarmJson;
import rookery.cli.view.Harmless;
import rookery.cli.view.Job;
import rookery.cli.view.Step;
import rookery.cli.view.Table;
import rookery.cli.view.Times;

/// `rookery show`.
@Command(
        name = "show",
        description = "Shows a job with all its steps as it is now.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  rookery show j1a2b3c4d5e6",
            "  rookery show j1a2b3c4d5e6 --output json | jq '.steps[] | select(.state==\"failed\")'"
        })
final class ShowCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "JOB", description = "The job's id.")
    private String job = "";

    @Mixin private RemoteOptions remote = new RemoteOptions();

    ShowCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (FarmClient farm = remote.open(context)) {
            Job now = JobLook.at(farm, job);
            remote.print(context, FarmJson.job(now), out -> print(context, out, now));
            return ExitCodes.OK;
        }
    }

    static void print(Context context, PrintStream out, Job job) {
        Instant now = context.clock().instant();
        out.println(
                Harmless.line(
                        "job "
                                + job.id()
                                + " of "
                                + job.project()
                                + ": "
                                + FarmJson.word(job.state())
                                + (job.planOnly() ? " (plan only)" : "")
                                + (job.requester().isEmpty() ? "" : ", by " + job.requester())
                                + ", submitted "
                                + Times.from(job.submitted(), now)
                                + (job.ended().isEmpty()
                                        ? ""
                                        : ", ended " + Times.from(job.ended(), now))
                                + (job.eta().isEmpty()
                                        ? ""
                                        : ", done " + Times.from(job.eta(), now))));
        var table = new Table("STEP", "PLATFORM", "STATE", "TIME", "AGENT", "DETAIL");
        for (Step step : job.steps())
            table.add(
                    step.id(),
                    step.platform(),
                    FarmJson.word(step.state()) + (step.recalled() ? " (recalled)" : ""),
                    step.started().isEmpty() ? "-" : Times.brief(step.elapsed(now)),
                    step.agent(),
                    step.failure().map(f -> f.message()).orElse(step.detail()));
        table.lines(context.terminal().out()).forEach(out::println);
    }
}
