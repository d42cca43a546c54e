package rookery.coordinator.farm;

import java.util.Comparator;

/// A ready step in the order in which steps of one [Lane] are served: by rank, then by name, so
/// that equal farms serve equal steps in equal order.
record Urgency(long rank, StepRef ref) implements Comparable<Urgency> {
    private static final Comparator<Urgency> ORDER =
            Comparator.comparingLong(Urgency::rank).reversed().thenComparing(Urgency::ref);

    @Override
    public int compareTo(Urgency other) {
        return ORDER.compare(this, other);
    }
}
