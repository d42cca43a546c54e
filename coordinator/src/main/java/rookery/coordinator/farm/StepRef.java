package rookery.coordinator.farm;

import rookery.model.JobId;
import rookery.model.StepId;

/// A step of a job.
public record StepRef(JobId job, StepId step) implements Comparable<StepRef> {
    // The farm's indexes ask this a hundred times for each step that moves, as they do of the other
    // keys of this package: a chain of comparators would be the dearest thing it does.
    @Override
    public int compareTo(StepRef other) {
        int byJob = job.compareTo(other.job);
        return byJob != 0 ? byJob : step.compareTo(other.step);
    }

    @Override
    public String toString() {
        return job + "/" + step;
    }
}
