package rookery.coordinator.rpc;

import java.util.Optional;
import rookery.coordinator.farm.Job;
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
    Job find(JobId id) {
        Optional<Job> inMemory = loop.snapshot().find(id);
        return inMemory.or(() -> store.job(id)).orElseThrow(() -> Errors.notFound("job " + id));
    }

    /// @throws io.grpc.StatusRuntimeException NOT_FOUND
    StepRow row(Job job, StepId step) {
        StepRow row = job.steps().get(step);
        if (row == null) throw Errors.notFound("step " + step + " in job " + job.id());
        return row;
    }

    /// The job of a request id, running or ended long ago.
    Optional<JobId> ofRequest(String requestId) {
        return store.jobOf(requestId);
    }
}
