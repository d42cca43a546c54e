package rookery.coordinator.farm;

import java.time.Duration;
import rookery.model.Limits;

/// How long a farm waits before it acts.
///
/// @param lease how long a lease lives without a word from its agent
/// @param gone how long an agent may be away after its stream closed: a broken connection is not a
///   dead machine. The loop looks twice a second, and a dead agent's steps are to be lent again
///   within two seconds
/// @param quarantine how long the first quarantine of an agent lasts
public record Patience(Duration lease, Duration gone, Duration quarantine) {
    public static final Patience NORMAL =
            new Patience(Limits.LEASE, Duration.ofSeconds(1), Duration.ofMinutes(5));
}
