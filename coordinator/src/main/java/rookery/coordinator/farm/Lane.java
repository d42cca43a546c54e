package rookery.coordinator.farm;

import java.util.Comparator;

/// Ready steps that compete with others in the same way: one priority, one project, one demand.
///
/// @param priority higher goes first
record Lane(int priority, String project, Demand demand) implements Comparable<Lane> {
    private static final Comparator<Lane> ORDER =
            Comparator.comparingInt(Lane::priority)
                    .reversed()
                    .thenComparing(Lane::project)
                    .thenComparing(Lane::demand);

    @Override
    public int compareTo(Lane other) {
        return ORDER.compare(this, other);
    }
}
