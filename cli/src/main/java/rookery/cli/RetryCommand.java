package rookery.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import rookery.cli.farm.Calls;
import rookery.cli.farm.FarmClient;
import rookery.cli.farm.JobLook;
import rookery.v1.RetryRequest;

/// `rookery retry`.
@Command(
        name = "retry",
        description = "Lets a failed or cancelled job go on; what it made already stays.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = "  rookery retry j1a2b3c4d5e6 && rookery watch j1a2b3c4d5e6")
final class RetryCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "JOB", description = "The job's id.")
    private String job = "";

    @Mixin private RemoteOptions remote = new RemoteOptions();

    RetryCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (FarmClient farm = remote.open(context)) {
            var _ =
                    Calls.make(
                            farm,
                            "trying job " + job + " again",
                            () ->
                                    Calls.soon(farm.jobs())
                                            .retry(RetryRequest.newBuilder().setJob(job).build()));
            CancelCommand.said(context, remote, JobLook.at(farm, job));
            return ExitCodes.OK;
        }
    }
}
