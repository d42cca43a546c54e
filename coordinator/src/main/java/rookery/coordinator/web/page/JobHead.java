package rookery.coordinator.web.page;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.model.JobSpec;

/// A job as a whole.
///
/// @param verdict what came of it, in a sentence; empty while it runs
/// @param commands what somebody may want to do next
public record JobHead(
        String id,
        String project,
        String version,
        Look look,
        Span span,
        Optional<Instant> eta,
        Tally tally,
        String verdict,
        String asks,
        List<String> commands)
        implements Panel {
    private static final int CHARS = 200;

    public JobHead {
        commands = List.copyOf(commands);
    }

    static JobHead of(Farm farm, Job job) {
        JobSpec spec = job.spec();
        return new JobHead(
                job.id().value(),
                Clean.line(spec.project(), CHARS),
                Clean.line(spec.source().version(), CHARS),
                Look.of(job.status()),
                new Span(Optional.of(job.submittedAt()), job.endedAt()),
                job.running() ? Reasons.eta(farm, job) : Optional.empty(),
                Tally.ofRows(job.steps().values()),
                verdict(job),
                asks(job),
                commands(job));
    }

    private static String verdict(Job job) {
        return switch (job.status()) {
            case Job.Status.Running _ -> "";
            case Job.Status.Done _ ->
                    job.planOnly()
                            ? "Its plan is known; nothing was built."
                            : "Everything that was required is made and verified.";
            case Job.Status.Failed failed ->
                    "It failed at "
                            + failed.step()
                            + ": "
                            + Trouble.word(failed.failure().kind())
                            + ".";
            case Job.Status.Cancelled _ -> "It was cancelled.";
        };
    }

    /// What the job is for, in a line.
    private static String asks(Job job) {
        JobSpec spec = job.spec();
        var words = new StringBuilder();
        words.append(Words.count(spec.builds().size(), "program")).append(" for ");
        words.append(Words.count(spec.platforms().size(), "platform"));
        if (!spec.portage().packages().isEmpty())
            words.append(" with ")
                    .append(Clean.line(String.join(", ", spec.portage().packages()), CHARS));
        words.append("; ").append(spec.toolchain().word()).append(" toolchain");
        if (job.planOnly()) words.append("; planned only");
        else words.append(job.push() ? "; images are pushed" : "; nothing is pushed");
        if (spec.farm().priority() != 0) words.append("; priority ").append(spec.farm().priority());
        if (!spec.farm().labels().isEmpty())
            words.append("; only on agents with ")
                    .append(Clean.line(String.join(", ", spec.farm().labels()), CHARS));
        return words.toString();
    }

    private static List<String> commands(Job job) {
        return switch (job.status()) {
            case Job.Status.Running _ ->
                    List.of("rookery watch " + job.id(), "rookery cancel " + job.id());
            case Job.Status.Done _ -> List.of("rookery show " + job.id());
            case Job.Status.Failed _, Job.Status.Cancelled _ ->
                    List.of("rookery retry " + job.id(), "rookery show " + job.id());
        };
    }
}
