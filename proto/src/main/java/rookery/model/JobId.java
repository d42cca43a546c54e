package rookery.model;

/// Names one submitted spec. Given by the coordinator, never reused.
public record JobId(String value) implements Comparable<JobId> {
    public JobId {
        Ids.check("job id", value);
    }

    @Override
    public int compareTo(JobId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
