package rookery.coordinator.farm;

import java.util.Comparator;

/// A ready step in the order in which steps are served: priority, then rank, then name, so that
/// equal farms serve equal steps in equal order.
public record Urgency(int priority, long rank, StepRef ref) implements Comparable<Urgency> {
    private static final Comparator<Urgency> ORDER =
            Comparator.comparingInt(Urgency::priority)
                    .thenComparingLong(Urgency::rank)
                    .reversed()
                    .thenComparing(Urgency::ref);

    @Override
    public int compareTo(Urgency other) {
        return ORDER.compare(this, other);
    }
}
