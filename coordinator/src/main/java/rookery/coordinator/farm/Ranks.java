package rookery.coordinator.farm;

import java.util.function.IntToLongFunction;

/// Upward ranks: how many milliseconds of work lie between a step's start and its job's end along
/// the longest way, by what steps are known to take on a usual agent. The longest way is served
/// first, because nothing else can make the job end sooner.
///
/// Topcuoglu, Hariri and Wu, "Performance-effective and low-complexity task scheduling for
/// heterogeneous computing" (HEFT), IEEE TPDS 13(3), 2002; without their cost of each edge, which
/// placement adds where an agent does not hold an input.
final class Ranks {
    private Ranks() {}

    /// @param needs of each step, by number
    /// @param millis what a step takes
    /// @throws IllegalArgumentException when the plan has a circle
    static long[] of(int[][] needs, IntToLongFunction millis) {
        var ranks = new long[needs.length];
        var open = new int[needs.length];
        for (int[] of : needs) for (int need : of) open[need]++;
        var queue = new int[needs.length];
        int end = 0;
        for (int i = 0; i < open.length; i++) if (open[i] == 0) queue[end++] = i;
        for (int at = 0; at < end; at++) {
            int step = queue[at];
            ranks[step] += millis.applyAsLong(step);
            for (int need : needs[step]) {
                ranks[need] = Math.max(ranks[need], ranks[step]);
                if (--open[need] == 0) queue[end++] = need;
            }
        }
        if (end < needs.length) throw new IllegalArgumentException("the plan has a circle");
        return ranks;
    }
}
