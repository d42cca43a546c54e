package rookery.model;

/// What an agent says of one of its leases.
public sealed interface Doing {
    LeaseId lease();

    /// At work.
    ///
    /// @param phase for people, as `compile` or `net/http`
    record Running(LeaseId lease, String phase) implements Doing {}

    /// Said again and again until the coordinator no longer asks for the lease.
    record Finished(LeaseId lease, Outcome outcome) implements Doing {}
}
