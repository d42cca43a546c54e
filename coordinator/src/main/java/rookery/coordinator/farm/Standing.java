package rookery.coordinator.farm;

/// Whether an agent is given steps.
public enum Standing {
    /// It is.
    OPEN,
    /// An admin wants it to get nothing new; what it holds it keeps.
    CORDONED,
    /// As CORDONED, and it leaves once it holds nothing.
    DRAINING,
    /// It broke or vanished too often. After a time it gets one step at a time, and the first that
    /// ends well opens it again.
    QUARANTINED
}
