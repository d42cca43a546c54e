package rookery.coordinator.trust;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that tests set.
final class SetClock implements InstantSource {
    static final Instant T0 = Instant.parse("2030-05-01T12:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(T0);

    void pass(Duration time) {
        now.updateAndGet(t -> t.plus(time));
    }

    @Override
    public Instant instant() {
        return now.get();
    }
}
