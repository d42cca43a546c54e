package rookery.model;

/// Names a process on a build machine.
public record AgentId(String value) implements Comparable<AgentId> {
    public AgentId {
        Ids.check("agent id", value);
    }

    @Override
    public int compareTo(AgentId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
