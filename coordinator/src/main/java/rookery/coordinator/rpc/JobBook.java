package rookery.coordinator.rpc;

import java.util.List;
import java.util.Optional;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.JobSummary;
import rookery.coordinator.farm.StepRow;
import rookery.coordinator.loop.Loop;
import rookery.coordinator.store.Store;
import rookery.model.JobId;
import rookery.model.StepId;

/// Every job there ever was: the newest from memory, the others from the store. Any thread.
final class JobBook {
    private final Loop loop;
    private final Store store;

    JobBook(Loop loop, Store store) {
        this.loop = loop;
        this.store = store;
    }

    /// @throws io.grpc.StatusRuntimeException NOT_FOUND
    Sight find(JobId id) {
        Farm farm = loop.snapshot();
        Job job =
                farm.find(id)
                        .or(() -> store.job(id))
                        .orElseThrow(() -> Errors.notFound("job " + id));
        return new Sight(farm, job);
    }

    /// @throws io.grpc.StatusRuntimeException NOT_FOUND
    static StepRow row(Job job, StepId step) {
        StepRow row = job.steps().get(step);
        if (row == null) throw Errors.notFound("step " + step + " in job " + job.id());
        return row;
    }

    /// Newest first, as they were last saved.
    List<JobSummary> list(int limit, Optional<JobId> before) {
        return store.jobs(limit, before);
    }

    /// The job of a request id, running or ended long ago.
    Optional<JobId> ofRequest(String requestId) {
        return loop.snapshot().ofRequest(requestId).map(Job::id).or(() -> store.jobOf(requestId));
    }
}
