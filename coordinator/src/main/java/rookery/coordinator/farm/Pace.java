package rookery.coordinator.farm;

/// How fast a machine is, in steps of an eighth of a doubling: finer than anybody knows, and coarse
/// enough that machines of one kind fall into a few groups.
final class Pace {
    /// The steps of one doubling, in milliseconds that a usual second takes.
    private static final long[] OCTAVE = {1_000, 1_091, 1_189, 1_297, 1_414, 1_542, 1_682, 1_834};

    /// Doublings below and above the usual pace.
    private static final int DOUBLINGS = 6;

    private static final int STEPS = 2 * DOUBLINGS * OCTAVE.length + 1;

    private Pace() {}

    /// The step that a measured pace falls into.
    ///
    /// @param held the step that it was in: left for a neighbour only when the pace is well past
    ///   the border, so that noise does not throw machines to and fro
    static int step(long millis, int held) {
        int step = nearest(millis);
        if (Math.abs(step - held) != 1) return step;
        long gap = Math.abs(millis(step) - millis(held));
        return 4 * Math.abs(millis - millis(held)) > 3 * gap ? step : held;
    }

    static int nearest(long millis) {
        int step = 0;
        while (step + 1 < STEPS
                && Math.abs(millis(step + 1) - millis) <= Math.abs(millis(step) - millis)) step++;
        return step;
    }

    /// What a usual second takes at a step of pace.
    static long millis(int step) {
        long usual = OCTAVE[step % OCTAVE.length];
        int doublings = step / OCTAVE.length - DOUBLINGS;
        return doublings < 0 ? usual >> -doublings : usual << doublings;
    }
}
