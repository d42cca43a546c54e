package rookery.coordinator.farm;

import java.time.Instant;

/// Everything that decides who gets which step.
///
/// @param at the time of the last event
record Lending(
        Ready ready,
        Soon soon,
        Fleet fleet,
        Shares shares,
        Holdings holdings,
        Durations durations,
        Instant at) {
    static final Lending NOTHING =
            new Lending(
                    Ready.NOTHING,
                    Soon.NOTHING,
                    Fleet.NOBODY,
                    Shares.EQUAL,
                    Holdings.NONE,
                    Durations.NONE,
                    Instant.EPOCH);
}
