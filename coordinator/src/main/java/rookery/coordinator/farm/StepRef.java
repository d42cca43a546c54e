package rookery.coordinator.farm;

import java.util.Comparator;
import rookery.model.JobId;
import rookery.model.StepId;

/// A step of a job.
public record StepRef(JobId job, StepId step) implements Comparable<StepRef> {
    private static final Comparator<StepRef> ORDER =
            Comparator.comparing(StepRef::job).thenComparing(StepRef::step);

    @Override
    public int compareTo(StepRef other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return job + "/" + step;
    }
}
