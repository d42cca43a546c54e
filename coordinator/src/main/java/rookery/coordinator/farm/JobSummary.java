package rookery.coordinator.farm;

import java.time.Instant;
import java.util.Optional;
import rookery.model.JobId;

/// A job in a list: without its steps, which may be thousands.
///
/// @param requestId says who submitted it, see `rpc`
/// @param steps how many it has
/// @param ended how many of them have ended
public record JobSummary(
        JobId id,
        String requestId,
        String project,
        int priority,
        boolean push,
        boolean planOnly,
        Job.Status status,
        Instant submittedAt,
        Optional<Instant> endedAt,
        int steps,
        int ended) {

    public static JobSummary of(Job job) {
        return new JobSummary(
                job.id(),
                job.requestId(),
                job.spec().project(),
                job.spec().farm().priority(),
                job.push(),
                job.planOnly(),
                job.status(),
                job.submittedAt(),
                job.endedAt(),
                job.steps().size(),
                job.steps().size() - job.open());
    }
}
