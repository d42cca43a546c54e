package rookery.model;

/// Names a step within its job: its kind, then what it is about, as
/// `package/aarch64-unknown-linux-musl/sys-libs/zlib-1.3.1`.
public record StepId(String value) implements Comparable<StepId> {
    public StepId {
        Ids.check("step id", value);
    }

    @Override
    public int compareTo(StepId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
