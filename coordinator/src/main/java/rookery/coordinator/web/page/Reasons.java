package rookery.coordinator.web.page;

import java.time.Instant;
import java.util.Optional;
import rookery.coordinator.farm.Eta;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepRow;
import rookery.coordinator.farm.StepState;
import rookery.coordinator.farm.Why;

/// What the farm itself says about waiting.
final class Reasons {
    private Reasons() {}

    /// Why a step waits, in one sentence; empty when it doesn't, or when its job left the farm.
    static String why(Farm farm, Job job, StepRow row) {
        return switch (row.state()) {
            case StepState.Waiting _, StepState.Recalling _, StepState.Ready _ ->
                    farm.find(job.id()).isPresent() ? Why.of(farm, job.id(), row.id()) : "";
            case StepState.Leased _,
                    StepState.Running _,
                    StepState.Growing _,
                    StepState.Done _,
                    StepState.Failed _,
                    StepState.Cancelled _ ->
                    "";
        };
    }

    /// An ETA that moves by less is the same one: nobody reads it, and each would be sent anew.
    private static final long ETA_SECONDS = 10;

    /// When a job is likely to end.
    static Optional<Instant> eta(Farm farm, Job job) {
        return Eta.of(farm, job.id())
                .map(end ->
                        Instant.ofEpochSecond(
                                Math.ceilDiv(end.getEpochSecond(), ETA_SECONDS) * ETA_SECONDS));
    }
}
