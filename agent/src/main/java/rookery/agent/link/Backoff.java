package rookery.agent.link;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before the next try: doubling up to a bound, with jitter so that a thousand
/// agents do not come back at one moment. Not thread-safe.
final class Backoff {
    static final Duration FIRST = Duration.ofMillis(100);
    static final Duration LAST = Duration.ofSeconds(10);

    private final RandomGenerator random;
    private Duration next = FIRST;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /// Between half of the current step and all of it.
    Duration next() {
        Duration now = next;
        next = next.multipliedBy(2).compareTo(LAST) > 0 ? LAST : next.multipliedBy(2);
        long half = now.toMillis() / 2;
        return Duration.ofMillis(half + random.nextLong(half + 1));
    }

    void succeeded() {
        next = FIRST;
    }
}
