package rookery.sim;

import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import rookery.coordinator.Given;

/// Time, chance, and the one queue of what is going to happen.
final class World {
    private record Due(long at, long number, Runnable what) {}

    final Random random;
    private final PriorityQueue<Due> queue =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::number));
    private final Set<Fault> possible = EnumSet.noneOf(Fault.class);
    private Supplier<Set<String>> inStates = TreeSet::new;
    private final Coverage coverage = new Coverage();
    private long nowMs;
    private long number;
    private long clockOffsetMs;
    private boolean calm;

    /// Each seed draws its own set of faults: a history with all of them at once never gets far.
    World(long seed) {
        random = new Random(seed);
        for (Fault fault : Fault.values()) if (random.nextInt(3) > 0) possible.add(fault);
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
        if (calm || !possible.contains(fault) || random.nextInt(oneIn) > 0) return false;
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
