package rookery.coordinator.farm;

import java.time.Instant;
import java.util.Optional;
import rookery.model.JobId;
import rookery.model.StepId;

/// Why a step is not being done, in one sentence.
public final class Why {
    private Why() {}

    /// What a step waits for, or what it is at.
    ///
    /// @throws IllegalArgumentException when the farm has no such job in memory, or the job no such
    ///   step
    public static String of(Farm farm, JobId id, StepId step) {
        Job job =
                farm.find(id)
                        .orElseThrow(() -> new IllegalArgumentException("there is no job " + id));
        StepRow row = job.steps().get(step);
        if (row == null)
            throw new IllegalArgumentException("the job " + id + " has no step " + step);
        return switch (row.state()) {
            case StepState.Waiting(Instant notBefore) -> waiting(farm, job, row, notBefore);
            case StepState.Recalling _ -> "is looked up";
            case StepState.Ready _ -> "waits for a free agent";
            case StepState.Leased leased -> "is at work on " + leased.agent();
            case StepState.Running _ -> "is at work in the coordinator";
            case StepState.Growing _ -> "the plan grows";
            case StepState.Done _ -> "is done";
            case StepState.Failed(var failure) -> "failed: " + failure.message();
            case StepState.Cancelled(String why) -> "was cancelled: " + why;
        };
    }

    private static String waiting(Farm farm, Job job, StepRow row, Instant notBefore) {
        Optional<String> open =
                row.step().needs().keySet().stream()
                        .filter(n -> !job.row(n).state().ended())
                        .map(Object::toString)
                        .findFirst();
        if (open.isPresent()) return "needs " + open.get();
        if (row.lastFailure().isPresent())
            return "is tried again (attempt "
                    + (row.attempts() + 1)
                    + "): "
                    + row.lastFailure().get().message();
        if (farm.agents().isEmpty()) return "waits for an agent";
        return notBefore.equals(Instant.EPOCH)
                ? "waits for an agent that can do it"
                : "the same is being made for another step";
    }
}
