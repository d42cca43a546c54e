package rookery.coordinator.farm;

/// How fast a machine is, in steps of about a fifth: finer than anybody knows, and coarse enough
/// that machines of one kind fall into one group.
final class Pace {
    /// Milliseconds that a usual second takes, step by step: each is 1.19 times the one before.
    private static final long[] MILLIS = {
        16, 19, 22, 26, 31, 37, 44, 53, 63, 74, 88, 105, 125, 149, 177, 210, 250, 297, 354, 420,
        500, 595, 707, 841, 1_000, 1_189, 1_414, 1_682, 2_000, 2_378, 2_828, 3_364, 4_000, 4_757,
        5_657, 6_727, 8_000, 9_514, 11_314, 13_454, 16_000, 19_027, 22_627, 26_909, 32_000, 38_055,
        45_255, 53_817, 64_000
    };

    private Pace() {}

    /// The step that a measured pace falls into.
    ///
    /// @param held the step that it was in: left for a neighbour only when the pace is well past
    ///   the border, so that noise does not throw machines to and fro
    static int step(long millis, int held) {
        int step = nearest(millis);
        if (Math.abs(step - held) != 1) return step;
        long gap = Math.abs(MILLIS[step] - MILLIS[held]);
        return 4 * Math.abs(millis - MILLIS[held]) > 3 * gap ? step : held;
    }

    static int nearest(long millis) {
        int step = 0;
        while (step + 1 < MILLIS.length
                && Math.abs(MILLIS[step + 1] - millis) <= Math.abs(MILLIS[step] - millis)) step++;
        return step;
    }

    static long millis(int step) {
        return MILLIS[step];
    }
}
