package rookery.cli;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import rookery.cli.farm.Calls;
import rookery.cli.farm.FarmClient;
import rookery.cli.farm.JobViews;
import rookery.cli.view.FarmJson;
import rookery.cli.view.Table;
import rookery.cli.view.Times;
import rookery.oci.json.Json;
import rookery.v1.JobSummary;
import rookery.v1.ListJobsRequest;
import rookery.v1.ListJobsResponse;
import rookery.wire.WorkWire;

/// `rookery list`.
@Command(
        name = "list",
        description = "Lists a farm's jobs, the newest first.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  rookery list --state running",
            "  rookery list --project curl-version --limit 5 --output json"
        })
final class ListCommand implements Callable<Integer> {
    private static final int PAGE = 100;

    private final Context context;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "Only those that are running, done, failed or cancelled.")
    private String state = "";

    @Option(names = "--project", paramLabel = "NAME", description = "Only this project's.")
    private String project = "";

    @Option(names = "--limit", paramLabel = "N", description = "How many at most (default: 20).")
    private int limit = 20;

    @Mixin private RemoteOptions remote = new RemoteOptions();

    ListCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (FarmClient farm = remote.open(context)) {
            List<JobSummary> jobs = jobs(farm);
            var json = new LinkedHashMap<String, Json>();
            json.put("jobs", new Json.Arr(jobs.stream().map(ListCommand::json).toList()));
            remote.print(
                    context,
                    new Json.Obj(json),
                    out -> table(jobs).lines(context.terminal().out()).forEach(out::println));
            return ExitCodes.OK;
        }
    }

    private List<JobSummary> jobs(FarmClient farm) {
        var jobs = new ArrayList<JobSummary>();
        String token = "";
        do {
            var request =
                    ListJobsRequest.newBuilder()
                            .setPageSize(Math.clamp(limit - jobs.size(), 1, PAGE))
                            .setPageToken(token)
                            .setState(state)
                            .setProject(project)
                            .build();
            ListJobsResponse page =
                    Calls.make(
                            farm, "listing the jobs", () -> Calls.soon(farm.jobs()).list(request));
            jobs.addAll(page.getJobsList());
            token = page.getNextPageToken();
        } while (!token.isEmpty() && jobs.size() < limit);
        return jobs.subList(0, Math.min(jobs.size(), Math.max(0, limit)));
    }

    private Table table(List<JobSummary> jobs) {
        Instant now = context.clock().instant();
        var table = new Table("JOB", "PROJECT", "STATE", "STEPS", "SUBMITTED", "ENDED", "BY");
        for (JobSummary job : jobs) {
            Optional<Instant> end = JobViews.time(job.getEndedMs());
            table.add(
                    job.getJob(),
                    job.getProject(),
                    job.getState() + (job.getPlanOnly() ? " (plan only)" : ""),
                    job.getStepsEnded() + "/" + job.getSteps(),
                    Times.from(JobViews.time(job.getSubmittedMs()), now),
                    Times.from(end.or(() -> JobViews.time(job.getEtaMs())), now),
                    job.getRequester());
        }
        return table;
    }

    private static Json json(JobSummary job) {
        var out = new LinkedHashMap<String, Json>();
        out.put("job", Json.text(job.getJob()));
        out.put("project", Json.text(job.getProject()));
        out.put("state", Json.text(job.getState()));
        FarmJson.text(out, "requester", job.getRequester());
        out.put("priority", Json.number(job.getPriority()));
        out.put("push", new Json.Bool(job.getPush()));
        out.put("plan_only", new Json.Bool(job.getPlanOnly()));
        FarmJson.time(out, "submitted", JobViews.time(job.getSubmittedMs()));
        FarmJson.time(out, "ended", JobViews.time(job.getEndedMs()));
        FarmJson.time(out, "eta", JobViews.time(job.getEtaMs()));
        out.put("steps", Json.number(job.getSteps()));
        out.put("steps_ended", Json.number(job.getStepsEnded()));
        if (job.hasFailure()) out.put("failure", FarmJson.failure(WorkWire.read(job.getFailure())));
        return new Json.Obj(out);
    }
}
