package rookery.coordinator.web.page;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.JobSummary;
import rookery.model.JobId;

/// Jobs, one a line.
///
/// @param empty what to do when there is none
/// @param hidden how many more there are that have no line
/// @param older where the list goes on
public record JobList(
        String heading, List<JobLine> jobs, Empty empty, int hidden, Optional<String> older)
        implements Panel {
    /// Lines of one list.
    public static final int LINES = 50;

    private static final int RECENT = 10;
    private static final Comparator<Job> NEWEST =
            Comparator.comparing(Job::submittedAt).reversed().thenComparing(Job::id);

    /// Nothing is there, and what to do about it.
    public record Empty(String sentence, String command) {}

    private static final Empty NONE_YET =
            new Empty(
                    "No job was submitted yet. In a project's directory:", "rookery submit --wait");
    private static final Empty IDLE =
            new Empty("Nothing is running. In a project's directory:", "rookery submit --wait");

    public JobList {
        jobs = List.copyOf(jobs);
    }

    static JobList running(Farm farm) {
        List<Job> all = farm.jobs().values().stream().filter(Job::running).sorted(NEWEST).toList();
        return new JobList(
                "Running",
                all.stream().limit(LINES).map(j -> JobLine.of(farm, j)).toList(),
                IDLE,
                Math.max(0, all.size() - LINES),
                Optional.empty());
    }

    /// The newest ended jobs that are still in memory.
    static JobList recent(Farm farm) {
        Comparator<Job> lastEnded =
                Comparator.comparing((Job j) -> j.endedAt().orElse(j.submittedAt()))
                        .reversed()
                        .thenComparing(Job::id);
        return new JobList(
                "Ended last",
                farm.jobs().values().stream()
                        .filter(j -> !j.running())
                        .sorted(lastEnded)
                        .limit(RECENT)
                        .map(j -> JobLine.of(farm, j))
                        .toList(),
                new Empty("No job has ended since the coordinator started.", ""),
                0,
                Optional.empty());
    }

    /// One page of all jobs. What the farm holds is newer than what the store says of it.
    ///
    /// @param stored what the store has from there on, newest first, at most one more than [#LINES]
    static JobList all(Farm farm, List<JobSummary> stored) {
        var lines = new ArrayList<JobLine>();
        for (JobSummary s : stored.stream().limit(LINES).toList())
            lines.add(farm.find(s.id()).map(j -> JobLine.of(farm, j)).orElse(JobLine.of(s)));
        Optional<JobId> last =
                stored.size() > LINES ? Optional.of(stored.get(LINES - 1).id()) : Optional.empty();
        return new JobList(
                "All jobs", lines, NONE_YET, 0, last.map(l -> Links.jobs(Optional.of(l))));
    }

    /// A job on one line.
    ///
    /// @param platforms how each stands; empty for a job of which only its summary is known
    public record JobLine(
            String id,
            String link,
            String project,
            Look look,
            int total,
            int ended,
            String text,
            List<PlatformMark> platforms,
            Span span,
            Optional<Instant> eta) {
        public JobLine {
            platforms = List.copyOf(platforms);
        }

        static JobLine of(Farm farm, Job job) {
            SortedMap<String, List<Look>> by = new TreeMap<>();
            job.spec().platforms().forEach(w -> by.put(w.platform().toString(), new ArrayList<>()));
            var looks = new ArrayList<Look>(job.steps().size());
            for (var row : job.steps().values()) {
                Look look = Look.of(row.state());
                looks.add(look);
                row.step()
                        .work()
                        .platform()
                        .map(p -> by.get(p.toString()))
                        .ifPresent(l -> l.add(look));
            }
            var platforms = new ArrayList<PlatformMark>();
            by.forEach((name, steps) -> platforms.add(new PlatformMark(name, Look.sum(steps))));
            Tally tally = Tally.of(looks);
            return new JobLine(
                    job.id().value(),
                    Links.job(job.id()),
                    Clean.line(job.spec().project(), NAME_CHARS),
                    Look.of(job.status()),
                    tally.total(),
                    tally.ended(),
                    tally.text(),
                    platforms,
                    new Span(Optional.of(job.submittedAt()), job.endedAt()),
                    job.running() ? Reasons.eta(farm, job) : Optional.empty());
        }

        static JobLine of(JobSummary job) {
            return new JobLine(
                    job.id().value(),
                    Links.job(job.id()),
                    Clean.line(job.project(), NAME_CHARS),
                    Look.of(job.status()),
                    job.steps(),
                    job.ended(),
                    job.ended() + " of " + Words.count(job.steps(), "step") + " ended",
                    List.of(),
                    new Span(Optional.of(job.submittedAt()), job.endedAt()),
                    Optional.empty());
        }
    }

    private static final int NAME_CHARS = 80;

    /// How one platform of a job stands.
    public record PlatformMark(String platform, Look look) {}
}
