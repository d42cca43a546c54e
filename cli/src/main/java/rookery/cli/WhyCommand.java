package rookery.cli;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import rookery.cli.farm.Calls;
import rookery.cli.farm.FarmClient;
import rookery.cli.farm.JobLook;
import rookery.cli.farm.JobViews;
import rookery.cli.view.FarmJson;
import rookery.cli.view.Harmless;
import rookery.cli.view.Step;
import rookery.cli.view.Times;
import rookery.oci.json.Json;
import rookery.v1.WhyRequest;
import rookery.v1.WhyResponse;

/// `rookery why`.
@Command(
        name = "why",
        description = "Says in one sentence why a step is not at work.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  rookery why j1a2b3c4d5e6 go-build/app/linux/arm64",
            "  rookery why j1a2b3c4d5e6 zlib          enough of its name will do"
        })
final class WhyCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(index = "0", paramLabel = "JOB", description = "The job's id.")
    private String job = "";

    @Parameters(index = "1", paramLabel = "STEP", description = "The step, or a part of its name.")
    private String asked = "";

    @Mixin private RemoteOptions remote = new RemoteOptions();

    WhyCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (FarmClient farm = remote.open(context)) {
            Step step = JobLook.step(JobLook.at(farm, job), asked);
            var request = WhyRequest.newBuilder().setJob(job).setStep(step.id()).build();
            WhyResponse answer =
                    Calls.make(
                            farm,
                            "asking about " + job + "/" + step.id(),
                            () -> Calls.soon(farm.jobs()).why(request));
            Optional<Instant> eta = JobViews.time(answer.getEtaMs());
            var out = new LinkedHashMap<String, Json>();
            out.put("job", Json.text(job));
            out.put("step", Json.text(step.id()));
            FarmJson.text(out, "why", answer.getSentence());
            FarmJson.time(out, "job_eta", eta);
            remote.print(
                    context,
                    new Json.Obj(out),
                    text ->
                            text.println(
                                    Harmless.line(
                                            step.id()
                                                    + " "
                                                    + answer.getSentence()
                                                    + eta.map(e ->
                                                                    "; the job is expected to end "
                                                                            + Times.from(
                                                                                    Optional.of(e),
                                                                                    context.clock()
                                                                                            .instant()))
                                                            .orElse(""))));
            return ExitCodes.OK;
        }
    }
}
