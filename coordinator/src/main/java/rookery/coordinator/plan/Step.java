package rookery.coordinator.plan;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.model.StepId;
import rookery.model.Work;

/// One unit of work of a job.
///
/// @param needs the steps that must have ended before
/// @param required whether the job fails with it
public record Step(StepId id, Work work, SortedMap<StepId, Edge> needs, boolean required) {

    /// How strongly a step hangs on another.
    public enum Edge {
        /// Fails with it.
        HARD,
        /// Waits for it, and goes on without it.
        SOFT
    }

    public Step {
        needs = Collections.unmodifiableSortedMap(new TreeMap<>(needs));
        if (needs.containsKey(id)) throw new IllegalArgumentException(id + " cannot need itself");
    }
}
