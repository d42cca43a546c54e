package rookery.coordinator.rpc;

import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import rookery.coordinator.farm.StepRef;

/// Who waits for more of which step's log. Any thread.
public final class Followers {
    /// Clients that read logs at once; each has a thread.
    private static final int MOST = 2_000;

    private final Map<StepRef, Set<Bell>> waiting = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();

    /// Rung as often as one likes; whoever waits hears it once.
    final class Bell implements AutoCloseable {
        private final StepRef ref;
        private final Semaphore rung = new Semaphore(0);

        private Bell(StepRef ref) {
            this.ref = ref;
        }

        void ring() {
            if (rung.availablePermits() == 0) rung.release();
        }

        void await(Duration atMost) throws InterruptedException {
            if (rung.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS)) rung.drainPermits();
        }

        @Override
        public void close() {
            count.decrementAndGet();
            waiting.computeIfPresent(
                    ref,
                    (_, bells) -> {
                        bells.remove(this);
                        return bells.isEmpty() ? null : bells;
                    });
        }
    }

    Bell enter(StepRef ref) {
        if (count.incrementAndGet() > MOST) {
            count.decrementAndGet();
            throw Errors.refusal(
                    Status.RESOURCE_EXHAUSTED,
                    MOST + " clients read logs of this farm right now; try again later");
        }
        var bell = new Bell(ref);
        waiting.compute(
                ref,
                (_, bells) -> {
                    Set<Bell> all = bells == null ? ConcurrentHashMap.newKeySet() : bells;
                    all.add(bell);
                    return all;
                });
        return bell;
    }

    /// There is more of this log.
    void wake(StepRef ref) {
        Set<Bell> bells = waiting.get(ref);
        if (bells != null) bells.forEach(Bell::ring);
    }
}
