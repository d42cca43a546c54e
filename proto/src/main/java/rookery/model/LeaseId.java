package rookery.model;

/// One lending of one step to one agent. The number only ever grows, so it fences off every earlier
/// lending.
public record LeaseId(long number) implements Comparable<LeaseId> {
    public LeaseId {
        if (number < 1)
            throw new IllegalArgumentException("lease numbers begin at 1, not " + number);
    }

    @Override
    public int compareTo(LeaseId other) {
        return Long.compare(number, other.number);
    }

    @Override
    public String toString() {
        return "l" + number;
    }
}
