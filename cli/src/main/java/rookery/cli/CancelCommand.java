package rookery.cli;

import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import rookery.cli.farm.FarmClient;
import rookery.cli.farm.JobLook;
import rookery.cli.farm.JobRun;
import rookery.cli.view.FarmJson;
import rookery.cli.view.Job;
import rookery.oci.json.Json;

/// `rookery cancel`.
@Command(
        name = "cancel",
        description = "Ends a job; what it made is kept and recalled by the next.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = "  rookery cancel j1a2b3c4d5e6")
final class CancelCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "JOB", description = "The job's id.")
    private String job = "";

    @Mixin private RemoteOptions remote = new RemoteOptions();

    CancelCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (FarmClient farm = remote.open(context)) {
            JobRun.of(farm, job).cancel();
            said(context, remote, JobLook.at(farm, job));
            return ExitCodes.OK;
        }
    }

    /// How the job stands after what was asked.
    static void said(Context context, RemoteOptions remote, Job job) {
        var out = new LinkedHashMap<String, Json>();
        out.put("job", Json.text(job.id()));
        out.put("state", Json.text(FarmJson.word(job.state())));
        remote.print(
                context,
                new Json.Obj(out),
                text -> text.println(job.id() + " is " + FarmJson.word(job.state())));
    }
}
