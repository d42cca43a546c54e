package rookery.coordinator.web.page;

import java.util.Optional;
import rookery.coordinator.farm.StepRef;
import rookery.model.JobId;

/// Where things are. Every character of an id may stand in a path as it is; a job's slashes are
/// written `%2F`, so that the step's name can have the rest of the path.
public final class Links {
    public static final String LIVE = "/live";

    private Links() {}

    public static String job(JobId job) {
        return "/jobs/" + job.value().replace("/", "%2F");
    }

    public static String step(StepRef ref) {
        return job(ref.job()) + "/steps/" + ref.step();
    }

    /// The whole log as plain text.
    public static String log(StepRef ref) {
        return job(ref.job()) + "/logs/" + ref.step();
    }

    static String jobs(Optional<JobId> before) {
        return "/jobs" + before.map(b -> "?before=" + b.value().replace("+", "%2B")).orElse("");
    }
}
