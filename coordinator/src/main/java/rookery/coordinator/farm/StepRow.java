package rookery.coordinator.farm;

import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import rookery.coordinator.plan.Step;
import rookery.model.AgentId;
import rookery.model.Failure;
import rookery.model.StepId;

/// A step with its history: one row of the store.
///
/// @param attempts how often it was tried; only grows, because it fences off late answers
/// @param forgiven attempts before somebody asked for another try; they count no more
/// @param agentsLost how often an agent was lost with it
/// @param avoid agents that could not do it
/// @param lastFailure of the last attempt
/// @param startedAt of the last attempt
/// @param phase what its agent says it is at; never saved
/// @param rank milliseconds of work from here to the job's end, by what is known; decides who goes
///   first
public record StepRow(
        Step step,
        StepState state,
        int attempts,
        int forgiven,
        int agentsLost,
        SortedSet<AgentId> avoid,
        Optional<Failure> lastFailure,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt,
        String phase,
        long rank) {

    public StepRow {
        // Nearly always; a step that moves makes one row after another.
        avoid =
                avoid.isEmpty()
                        ? Collections.emptySortedSet()
                        : Collections.unmodifiableSortedSet(new TreeSet<>(avoid));
    }

    public static StepRow fresh(Step step, long rank) {
        return new StepRow(
                step,
                new StepState.Waiting(Instant.EPOCH),
                0,
                0,
                0,
                new TreeSet<>(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                rank);
    }

    public StepId id() {
        return step.id();
    }

    /// Attempts that count against it.
    public int tries() {
        return attempts - forgiven;
    }

    /// As if it had never been tried.
    StepRow again() {
        return new StepRow(
                step,
                new StepState.Waiting(Instant.EPOCH),
                attempts,
                attempts,
                0,
                new TreeSet<>(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "",
                rank);
    }

    /// To be done again, with what it was tried so far.
    ///
    /// @param pardoned whether the attempt that is taken back counts no more
    StepRow undone(boolean pardoned) {
        return new StepRow(
                step,
                new StepState.Waiting(Instant.EPOCH),
                attempts,
                forgiven + (pardoned ? 1 : 0),
                agentsLost,
                new TreeSet<>(),
                lastFailure,
                startedAt,
                Optional.empty(),
                "",
                rank);
    }

    StepRow to(StepState next) {
        return new StepRow(
                step,
                next,
                attempts,
                forgiven,
                agentsLost,
                avoid,
                lastFailure,
                startedAt,
                endedAt,
                phase,
                rank);
    }

    StepRow began(StepState next, Instant at) {
        return new StepRow(
                step,
                next,
                attempts + 1,
                forgiven,
                agentsLost,
                avoid,
                lastFailure,
                Optional.of(at),
                Optional.empty(),
                "",
                rank);
    }

    StepRow ended(StepState next, Instant at) {
        return new StepRow(
                step,
                next,
                attempts,
                forgiven,
                agentsLost,
                avoid,
                lastFailure,
                startedAt,
                Optional.of(at),
                "",
                rank);
    }

    StepRow back(StepState next, Failure why, SortedSet<AgentId> shunned, int lost) {
        return new StepRow(
                step,
                next,
                attempts,
                forgiven,
                lost,
                shunned,
                Optional.of(why),
                startedAt,
                Optional.empty(),
                "",
                rank);
    }

    StepRow planned(Step grown, long newRank) {
        return new StepRow(
                grown,
                state,
                attempts,
                forgiven,
                agentsLost,
                avoid,
                lastFailure,
                startedAt,
                endedAt,
                phase,
                newRank);
    }

    StepRow at(String newPhase) {
        return new StepRow(
                step,
                state,
                attempts,
                forgiven,
                agentsLost,
                avoid,
                lastFailure,
                startedAt,
                endedAt,
                newPhase,
                rank);
    }
}
