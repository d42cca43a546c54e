package rookery.coordinator.farm;

import java.time.Duration;
import java.time.Instant;
import java.util.SortedSet;
import java.util.TreeSet;
import rookery.model.AgentId;
import rookery.model.Failure;
import rookery.model.Limits;

/// What follows from a failure. The blame decides: a user's mistake is never tried again, a
/// machine's is tried elsewhere, somebody else's server is tried later, and our own bug is shown at
/// once.
final class Retry {
    /// Attempts at what depends on somebody else's server; its client has tried several times
    /// within each.
    static final int UPSTREAM_ATTEMPTS = 3;

    private static final Duration FIRST_WAIT = Duration.ofSeconds(2);
    private static final int DOUBLINGS = 6;

    private Retry() {}

    /// The step after an attempt of `agent` broke.
    static StepRow afterBreak(StepRow row, Failure failure, SortedSet<AgentId> by, Instant now) {
        return switch (failure.kind().blame()) {
            case SPEC, BUG -> row.ended(new StepState.Failed(failure), now);
            case HOST -> {
                // What the store lost is missing elsewhere too, but it can be made again.
                boolean anywhere = failure.kind() == Failure.Kind.INPUT_LOST;
                SortedSet<AgentId> avoid = new TreeSet<>(row.avoid());
                if (!anywhere) avoid.addAll(by);
                // The coordinator has no elsewhere.
                boolean hopeless = by.isEmpty() && !anywhere;
                yield hopeless || row.tries() >= Limits.ATTEMPTS
                        ? row.ended(new StepState.Failed(failure), now)
                        : row.back(new StepState.Waiting(now), failure, avoid, row.agentsLost());
            }
            case UPSTREAM ->
                    row.tries() >= UPSTREAM_ATTEMPTS
                            ? row.ended(new StepState.Failed(failure), now)
                            : row.back(
                                    new StepState.Waiting(now.plus(wait(row.tries()))),
                                    failure,
                                    row.avoid(),
                                    row.agentsLost());
        };
    }

    /// The step after the agent that held it was lost. A step that loses one agent after the other
    /// is the likely cause.
    static StepRow afterLoss(StepRow row, AgentId agent, String how, Instant now) {
        int lost = row.agentsLost() + 1;
        var failure =
                new Failure(
                        Failure.Kind.HOST,
                        "the agent " + agent + " " + how + " while it was at " + row.id());
        if (lost >= Limits.AGENTS_LOST) {
            var poison =
                    new Failure(
                            Failure.Kind.HOST,
                            row.id()
                                    + " was stopped: "
                                    + lost
                                    + " agents were lost while they were at it, "
                                    + agent
                                    + " being the last; it may exhaust their memory or disk, see its log");
            return row.ended(new StepState.Failed(poison), now);
        }
        return row.back(new StepState.Waiting(now), failure, row.avoid(), lost);
    }

    /// The step after every agent that is able to do it has failed at it once: a full disk may be
    /// empty by then, so it may go to any of them again, later; its attempts stay bounded.
    static StepRow anywhere(StepRow row, Instant now) {
        return row.back(
                new StepState.Waiting(now.plus(wait(row.attempts()))),
                row.lastFailure().orElseThrow(),
                new TreeSet<>(),
                row.agentsLost());
    }

    private static Duration wait(int attempts) {
        return FIRST_WAIT.multipliedBy(1L << Math.min(attempts - 1, DOUBLINGS));
    }
}
