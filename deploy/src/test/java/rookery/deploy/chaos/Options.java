package rookery.deploy.chaos;

import java.time.Duration;

/// How much of each.
///
/// @param atMost the faults end then, whatever was reached
/// @param leaseSeconds more than the agents' beat of 5 s
record Options(
        int coordinatorKills,
        int agentKills,
        int partitions,
        int stops,
        int fullDisks,
        int delays,
        int cuts,
        Duration atMost,
        int leaseSeconds) {
    private static final int LEASE_SECONDS = 7;

    /// The full run, for so many kills of the coordinator.
    static Options full(int kills, Duration atMost) {
        return new Options(
                kills,
                kills / 2,
                kills / 4,
                kills / 10,
                kills / 10,
                kills / 4,
                kills / 4,
                atMost,
                LEASE_SECONDS);
    }

    /// About ten of each.
    static Options small() {
        return new Options(10, 10, 10, 4, 4, 10, 10, Duration.ofSeconds(60), LEASE_SECONDS);
    }
}
