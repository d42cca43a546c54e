package rookery.deploy.chaos;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/// Breaks things, each kind on a thread of its own, until there was enough of each; and mends
/// everything when it is closed.
final class Mayhem implements Ending {
    /// One in so many stops is the coordinator's.
    private static final int COORDINATOR = 4;

    private static final int SHORTEST_LIFE_MS = 500;
    private static final int LONGEST_LIFE_MS = 8_000;
    private static final int MOST_CHANGES = 30;
    private static final Duration LOOK = Duration.ofMillis(200);

    private final Hub hub;
    private final List<Seat> seats;
    private final Options options;
    private final Tally tally;
    private final AtomicBoolean armed;
    private final CountDownLatch over = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    private interface Fault {
        void strike(Random random) throws IOException, InterruptedException;
    }

    Mayhem(Hub hub, List<Seat> seats, Options options, Tally tally, AtomicBoolean armed) {
        this.hub = hub;
        this.seats = seats;
        this.options = options;
        this.tally = tally;
        this.armed = armed;
        begin(
                () -> tally.of(Tally.COORDINATOR_KILLS) < options.coordinatorKills(),
                100,
                300,
                this::killCoordinator);
        begin(
                () -> tally.of(Tally.AGENT_KILLS) < options.agentKills(),
                100,
                1_500,
                this::killAgent);
        begin(() -> tally.of(Tally.PARTITIONS) < options.partitions(), 300, 2_500, this::part);
        begin(() -> tally.of(Tally.STOPS) < options.stops(), 500, 8_000, this::stop);
        begin(() -> tally.of(Tally.DELAYS) < options.delays(), 300, 2_500, this::delay);
        begin(() -> tally.of(Tally.CUTS) < options.cuts(), 300, 3_500, this::cut);
        if (hub.disk().isOwn())
            begin(() -> tally.of(Tally.FULL_DISKS) < options.fullDisks(), 1_000, 9_000, this::fill);
    }

    private void begin(BooleanSupplier wanted, int fromMs, int toMs, Fault fault) {
        threads.add(
                Thread.ofPlatform()
                        .name("mayhem")
                        .start(() -> {
                            var random = new Random();
                            try {
                                while (wanted.getAsBoolean() && !rest(random, fromMs, toMs))
                                    fault.strike(random);
                            } catch (InterruptedException | IOException e) {
                                System.err.println("chaos: a fault could not be made: " + e);
                                tally.count("fault that could not be made");
                            }
                        }));
    }

    /// Whether it is over meanwhile.
    private boolean rest(Random random, int fromMs, int toMs) throws InterruptedException {
        return over.await(fromMs + random.nextInt(toMs - fromMs), TimeUnit.MILLISECONDS);
    }

    private boolean restFor(Duration time) throws InterruptedException {
        return over.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean isDone() {
        return threads.stream().noneMatch(Thread::isAlive);
    }

    private Seat any(Random random) {
        return seats.get(random.nextInt(seats.size()));
    }

    /// Who has just begun gets time to do something, and how long that takes is the machine's to
    /// say: mostly it counts what was saved since then. Its failpoint may be faster.
    private void killCoordinator(Random random) throws InterruptedException {
        Child child = hub.serving();
        if (child == null) return;
        long changes = hub.changes() + random.nextInt(MOST_CHANGES);
        while (child.isServing()) {
            boolean isTime =
                    !hub.isDeadly()
                            && child.servingMs() > SHORTEST_LIFE_MS
                            && hub.changes() >= changes;
            if (isTime || child.servingMs() > LONGEST_LIFE_MS) child.kill();
            else if (restFor(LOOK)) return;
        }
    }

    private void killAgent(Random random) throws InterruptedException {
        Child child = any(random).child();
        long age = SHORTEST_LIFE_MS + (long) random.nextInt(LONGEST_LIFE_MS - SHORTEST_LIFE_MS);
        while (child.isServing()) {
            if (child.servingMs() > age) child.kill();
            else if (restFor(LOOK)) return;
        }
    }

    /// Mostly shorter than a lease, now and then longer.
    private void part(Random random) throws IOException, InterruptedException {
        Seat seat = any(random);
        seat.part(true);
        tally.count(Tally.PARTITIONS);
        int longest = options.leaseSeconds() * 1_000 + 3_000;
        rest(random, 200, random.nextInt(5) == 0 ? longest : 2_500);
        seat.part(false);
    }

    private void stop(Random random) throws InterruptedException {
        boolean isCoordinator = random.nextInt(COORDINATOR) == 0;
        Child child = isCoordinator ? hub.serving() : any(random).child();
        if (child == null) return;
        hub.disturb();
        child.signal("STOP");
        tally.count(Tally.STOPS);
        restFor(Duration.ofSeconds(options.leaseSeconds() + 2L));
        child.signal("CONT");
        hub.disturb();
    }

    private void delay(Random random) throws InterruptedException {
        FaultProxy proxy = any(random).proxy();
        proxy.delay(20 + random.nextInt(600));
        tally.count(Tally.DELAYS);
        rest(random, 300, 3_000);
        proxy.delay(0);
    }

    private void cut(Random random) {
        any(random).proxy().cut();
        tally.count(Tally.CUTS);
    }

    private void fill(Random random) throws IOException, InterruptedException {
        SmallDisk disk = random.nextInt(2) == 0 ? hub.disk() : any(random).disk();
        hub.disturb();
        disk.fill();
        tally.count(Tally.FULL_DISKS);
        rest(random, 300, 2_500);
        disk.empty();
        hub.disturb();
    }

    /// No more faults, and none is left in force.
    @Override
    public void end() throws InterruptedException {
        armed.set(false);
        over.countDown();
        for (Thread thread : threads) thread.join();
    }
}
