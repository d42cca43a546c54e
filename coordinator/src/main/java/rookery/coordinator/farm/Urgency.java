package rookery.coordinator.farm;

/// A ready step in the order in which steps of one [Lane] are served: by rank, then by name, so
/// that equal farms serve equal steps in equal order.
record Urgency(long rank, StepRef ref) implements Comparable<Urgency> {
    @Override
    public int compareTo(Urgency other) {
        int highestFirst = Long.compare(other.rank, rank);
        return highestFirst != 0 ? highestFirst : ref.compareTo(other.ref);
    }
}
