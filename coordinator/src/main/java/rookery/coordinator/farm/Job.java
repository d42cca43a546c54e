package rookery.coordinator.farm;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.pcollections.PSortedMap;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.Outcome;
import rookery.model.StepId;
import rookery.model.Work;

/// A submitted spec and its steps.
///
/// @param requestId chosen by the client; the same one is the same job
/// @param planOnly ends once its graphs are read, with nothing built
/// @param dependents which steps need a step
/// @param pending how many needs of a waiting step have not ended; none is not told
/// @param open how many steps have not ended
public record Job(
        JobId id,
        String requestId,
        JobSpec spec,
        boolean push,
        boolean allowDrop,
        boolean planOnly,
        Status status,
        Instant submittedAt,
        Optional<Instant> endedAt,
        PSortedMap<StepId, StepRow> steps,
        PSortedMap<StepId, List<StepId>> dependents,
        PSortedMap<StepId, Integer> pending,
        int open) {

    /// How a job stands as a whole.
    public sealed interface Status {
        record Running() implements Status {}

        record Done() implements Status {}

        /// @param step the first required step that failed
        record Failed(StepId step, Failure failure) implements Status {}

        record Cancelled() implements Status {}
    }

    public boolean running() {
        return status instanceof Status.Running;
    }

    /// @throws IllegalStateException when there is none
    public StepRow row(StepId step) {
        StepRow row = steps.get(step);
        if (row == null) throw new IllegalStateException("job " + id + " has no step " + step);
        return row;
    }

    /// Whether a step may ever start: a job that only plans makes its graphs and nothing else.
    boolean mayRun(StepRow row) {
        return !planOnly || row.step().work() instanceof Work.Resolve;
    }

    /// Whether nothing is left to do.
    boolean finished() {
        return open == 0
                || (planOnly
                        && steps.values().stream()
                                .filter(this::mayRun)
                                .allMatch(r -> r.state().ended()));
    }

    /// What the needed steps made; soft needs that made nothing are left out.
    SortedMap<StepId, Outcome.Made> inputs(StepId step) {
        SortedMap<StepId, Outcome.Made> inputs = new TreeMap<>();
        row(step)
                .step()
                .needs()
                .keySet()
                .forEach(need -> {
                    if (row(need).state() instanceof StepState.Done(Outcome.Made made, _))
                        inputs.put(need, made);
                });
        return inputs;
    }

    /// Whether every need of a step has ended.
    boolean needsEnded(StepId step) {
        return !pending.containsKey(step);
    }

    Job withPending(PSortedMap<StepId, Integer> newPending) {
        return with(steps, dependents, newPending, open);
    }

    /// With other steps, of which nothing that follows is known yet.
    public Job with(PSortedMap<StepId, StepRow> newSteps) {
        return with(newSteps, dependents, pending, open);
    }

    Job with(PSortedMap<StepId, StepRow> newSteps, int newOpen) {
        return with(newSteps, dependents, pending, newOpen);
    }

    Job with(
            PSortedMap<StepId, StepRow> newSteps,
            PSortedMap<StepId, List<StepId>> newDependents,
            PSortedMap<StepId, Integer> newPending,
            int newOpen) {
        return new Job(
                id,
                requestId,
                spec,
                push,
                allowDrop,
                planOnly,
                status,
                submittedAt,
                endedAt,
                newSteps,
                newDependents,
                newPending,
                newOpen);
    }

    /// Running again, as if it had not ended.
    Job again(PSortedMap<StepId, StepRow> newSteps) {
        return new Job(
                id,
                requestId,
                spec,
                push,
                allowDrop,
                planOnly,
                new Status.Running(),
                submittedAt,
                Optional.empty(),
                newSteps,
                dependents,
                pending,
                open);
    }

    Job ended(Status how, Instant at) {
        return new Job(
                id,
                requestId,
                spec,
                push,
                allowDrop,
                planOnly,
                how,
                submittedAt,
                Optional.of(at),
                steps,
                dependents,
                pending,
                open);
    }
}
