package rookery.cli.farm;

import java.nio.file.Path;
import rookery.model.JobId;
import rookery.model.StepId;
import rookery.v1.JobsGrpc;

/// A farm that can be spoken to.
public interface FarmClient extends AutoCloseable {

    /// Opens the way to a farm, or starts one. Commands that need none never call it.
    @FunctionalInterface
    interface Starter {
        /// @throws rookery.model.RookeryException when there is no farm to be had
        FarmClient start();
    }

    /// Its service. Callers set their own deadlines.
    JobsGrpc.JobsBlockingV2Stub jobs();

    /// Its blobs, and how they get there and back.
    FarmStore store();

    /// The file that holds a step's whole log; may not exist when the step wrote none.
    Path log(JobId job, StepId step);

    /// Ends everything that was started for it; waits until no process of it is left.
    @Override
    void close();
}
