package rookery.coordinator.farm;

import java.time.Instant;
import java.util.Comparator;

/// A step whose needs have ended, and when it is to be looked at next.
public record Due(Instant at, StepRef ref) implements Comparable<Due> {
    private static final Comparator<Due> ORDER =
            Comparator.comparing(Due::at).thenComparing(Due::ref);

    @Override
    public int compareTo(Due other) {
        return ORDER.compare(this, other);
    }
}
