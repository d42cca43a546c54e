package rookery.coordinator.farm;

import java.time.Instant;

/// A step whose needs have ended, and when it is to be looked at next.
public record Due(Instant at, StepRef ref) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
        int byTime = at.compareTo(other.at);
        return byTime != 0 ? byTime : ref.compareTo(other.ref);
    }
}
