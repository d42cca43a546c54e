package rookery.oci.registry;

import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// How often and how long to try again, and the time that passes meanwhile. Tests bring a sleeper
/// that only writes down how long it was to sleep.
///
/// Before try n (the first is 0) waits a random part of `base * 2^(n-1)`, at most `longest`, or as
/// long as the registry asks for, unless that is more than `longest`: then it gives up.
public record Patience(
        int tries,
        Duration base,
        Duration longest,
        Sleeper sleeper,
        RandomGenerator random,
        InstantSource clock) {
    /// Waits.
    @FunctionalInterface
    public interface Sleeper {
        void sleep(Duration time) throws InterruptedException;
    }

    public Patience {
        if (tries < 1 || tries > 20) {
            throw new IllegalArgumentException("1 to 20 tries, not " + tries);
        }
    }

    /// Five tries, half a second to start with, two minutes at most.
    public static Patience standard(Sleeper sleeper, RandomGenerator random, InstantSource clock) {
        return new Patience(
                5, Duration.ofMillis(500), Duration.ofMinutes(2), sleeper, random, clock);
    }

    /// Something that may fail for a while.
    interface Attempt<T> {
        T run() throws java.io.IOException, InterruptedException;
    }

    <T> T keepTrying(Attempt<T> attempt) throws java.io.IOException, InterruptedException {
        for (int n = 1; ; n++) {
            try {
                return attempt.run();
            } catch (RegistryException e) {
                if (!e.isWorthRetrying() || n >= tries) {
                    throw e;
                }
                Duration asked = e.retryAfter().orElse(Duration.ZERO);
                if (asked.compareTo(longest) > 0) {
                    throw e;
                }
                Duration own = backoff(n);
                sleeper.sleep(asked.compareTo(own) > 0 ? asked : own);
            }
        }
    }

    /// Waits as before a try after so many failures; not at all after none.
    void pause(int failures) throws InterruptedException {
        if (failures > 0) {
            sleeper.sleep(backoff(failures));
        }
    }

    private Duration backoff(int failures) {
        long cap = Math.min(longest.toMillis(), base.toMillis() << Math.min(failures - 1, 20));
        return Duration.ofMillis(cap < 2 ? cap : random.nextLong(cap / 2, cap));
    }
}
