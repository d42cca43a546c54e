package rookery.coordinator.web.page;

import java.time.Instant;
import java.util.Optional;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepRow;
import rookery.coordinator.farm.StepState;

/// What the farm itself says about waiting.
final class Reasons {
    private Reasons() {}

    /// Why a step waits, in one sentence; empty when it doesn't.
    static String why(Farm farm, Job job, StepRow row) {
        return switch (row.state()) {
            case StepState.Waiting(Instant notBefore) -> waiting(farm, job, row, notBefore);
            case StepState.Recalling _ -> "is looked up";
            case StepState.Ready _ ->
                    farm.agents().isEmpty() ? "waits for an agent" : "waits for a free agent";
            case StepState.Leased _,
                    StepState.Running _,
                    StepState.Growing _,
                    StepState.Done _,
                    StepState.Failed _,
                    StepState.Cancelled _ ->
                    "";
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
            return "is tried again: " + row.lastFailure().get().message();
        if (farm.agents().isEmpty()) return "waits for an agent";
        return notBefore.equals(Instant.EPOCH)
                ? "waits for an agent that can do it"
                : "the same is being made for another step";
    }

    /// When a job is likely to end.
    static Optional<Instant> eta(Farm farm, Job job) {
        return Optional.empty();
    }
}
