package rookery.coordinator.web;

import java.util.List;
import java.util.Optional;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.JobSummary;
import rookery.model.JobId;

/// Jobs that have left the farm's memory. Called on virtual threads; may block.
public interface History {

    /// A job with its steps, as it ended.
    Optional<Job> job(JobId id);

    /// Jobs, newest first, those that the farm still holds included.
    ///
    /// @param before where the list goes on: only jobs older than this one
    List<JobSummary> jobs(int limit, Optional<JobId> before);
}
