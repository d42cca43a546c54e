package rookery.sim;

import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import rookery.coordinator.Given;

/// Time, chance, and the one queue of what is going to happen.
final class World {
    private record Due(long at, long number, Runnable what) {}

    /// How much more often than others the fault strikes that a seed may favour: what takes three
    /// of a kind in a row is never seen otherwise.
    private static final int FAVOUR = 40;

    final Random random;
    private final PriorityQueue<Due> queue =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::number));
    private final Set<Fault> possible = EnumSet.noneOf(Fault.class);
    private Supplier<Set<String>> inStates = TreeSet::new;
    private final Coverage coverage = new Coverage();
    private @Nullable Fault favourite;
    private long nowMs;
    private long number;
    private long clockOffsetMs;
    private long jumpedMs = -1_000_000;
    private boolean calm;

    /// Each seed draws its own set of faults: a history with all of them at once never gets far.
    World(long seed) {
        random = new Random(seed);
        for (Fault fault : Fault.values()) if (random.nextInt(3) > 0) possible.add(fault);
        Fault[] all = Fault.values();
        if (random.nextBoolean()) favourite = all[random.nextInt(all.length)];
    }

    long nowMs() {
        return nowMs;
    }

    /// The coordinator's wall clock.
    Instant clock() {
        return Given.T0.plusMillis(nowMs + clockOffsetMs);
    }

    void jumpClock(long byMs) {
        clockOffsetMs += byMs;
        jumpedMs = nowMs;
    }

    /// Whether the clock jumped so lately that nobody can tell who is late.
    boolean clockIsOdd() {
        return nowMs - jumpedMs < 120_000;
    }

    /// From now on nothing fails any more.
    void calmDown() {
        calm = true;
    }

    boolean calm() {
        return calm;
    }

    /// Where the farm's steps stand whenever a fault happens.
    void watch(Supplier<Set<String>> states) {
        inStates = states;
    }

    Coverage coverage() {
        return coverage;
    }

    /// Whether this fault happens here and now, about once in `oneIn` times.
    boolean strikes(Fault fault, int oneIn) {
        if (calm || !possible.contains(fault)) return false;
        int odds = fault == favourite ? Math.max(2, oneIn / FAVOUR) : oneIn;
        if (random.nextInt(odds) > 0) return false;
        coverage.struck(fault, inStates.get());
        return true;
    }

    /// From 0 to below the bound, mostly small: most of the world is quick, and some of it is not.
    long some(long boundMs) {
        long bound = random.nextInt(4) == 0 ? boundMs : Math.max(1, boundMs / 20);
        return random.nextLong(bound);
    }

    void after(long ms, Runnable what) {
        queue.add(new Due(nowMs + ms, number++, what));
    }

    /// Lets the next thing happen; false when nothing ever will.
    boolean step() {
        Due due = queue.poll();
        if (due == null) return false;
        nowMs = due.at;
        due.what.run();
        return true;
    }
}
