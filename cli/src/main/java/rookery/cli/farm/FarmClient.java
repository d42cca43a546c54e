package rookery.cli.farm;

import java.util.Optional;
import rookery.model.JobId;
import rookery.model.StepId;
import rookery.v1.AdminGrpc;
import rookery.v1.JobsGrpc;
import rookery.v1.TokensGrpc;

/// A farm that can be spoken to.
public interface FarmClient extends AutoCloseable {

    /// Opens the way to a farm, or starts one. Commands that need none never call it.
    @FunctionalInterface
    interface Starter {
        /// @throws rookery.model.RookeryException when there is no farm to be had
        FarmClient start();
    }

    /// Opens the way to a farm that runs elsewhere.
    @FunctionalInterface
    interface Finder {
        /// @param farm its address; empty: as the environment says, or the only one that was joined
        /// @throws rookery.model.RookeryException when there is none, or it is not clear which
        FarmClient find(Optional<String> farm);
    }

    /// Its service. Callers set their own deadlines.
    JobsGrpc.JobsBlockingV2Stub jobs();

    /// Its blobs, and how they get there and back.
    FarmStore store();

    /// Its other services.
    AdminGrpc.AdminBlockingV2Stub admin();

    TokensGrpc.TokensBlockingV2Stub tokens();

    /// Where a person finds a step's whole log: a file, or a command that prints it. Empty where
    /// the step wrote none.
    Optional<String> log(JobId job, StepId step);

    /// How people call it.
    String name();

    /// Whether it is another program's: it may be away, and goes on without us.
    boolean isRemote();

    /// Ends everything that was started for it; waits until no process of it is left.
    @Override
    void close();
}
