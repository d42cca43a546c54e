package rookery.coordinator.farm;

import java.time.Instant;
import java.util.Optional;
import rookery.model.AgentId;
import rookery.model.Failure;
import rookery.model.LeaseId;
import rookery.model.Outcome;
import rookery.oci.Digest;

/// Where a step stands.
///
/// ```
/// Waiting --needs ended--> Recalling --known result--> Done | Growing
///    ^                         `--none--> Ready --lent--> Leased --made--> Done | Growing
///    |                                      |                `--broke--> Failed, or back by blame
///    |                                      `--coordinator's own--> Running --> Done | Failed, or back by blame
///    `---- HOST: another agent · UPSTREAM: not before t · agent lost --------------'
/// Growing --graph read--> Done        any but the last three --cancelled--> Cancelled
/// ```
public sealed interface StepState {

    /// Some need has not ended, or it is too early to try again.
    record Waiting(Instant notBefore) implements StepState {}

    /// All needs have ended; the store is asked whether the result is known.
    record Recalling() implements StepState {}

    /// May run as soon as somebody takes it.
    record Ready() implements StepState {}

    /// Lent to an agent. Lives as long as the agent claims it.
    record Leased(LeaseId lease, AgentId agent, long incarnation, Digest key)
            implements StepState {}

    /// The coordinator is at it; the attempt fences off answers to earlier ones.
    record Running(int attempt, Digest key) implements StepState {}

    /// A merge graph was made and is being read, so that the plan can grow.
    ///
    /// @param origin empty when an earlier result was taken
    record Growing(Outcome.Made made, Optional<Origin> origin) implements StepState {}

    /// It made what it should.
    ///
    /// @param origin empty when an earlier result was taken
    record Done(Outcome.Made made, Optional<Origin> origin) implements StepState {
        public boolean recalled() {
            return origin.isEmpty();
        }
    }

    record Failed(Failure failure) implements StepState {}

    record Cancelled(String why) implements StepState {}

    /// Where a result comes from.
    ///
    /// @param key the name that it is kept under
    /// @param builtBy the agent's id, or `coordinator`
    record Origin(Digest key, String builtBy) {}

    /// Whether it can never change again.
    default boolean ended() {
        return switch (this) {
            case Done _, Failed _, Cancelled _ -> true;
            case Waiting _, Recalling _, Ready _, Leased _, Running _, Growing _ -> false;
        };
    }
}
