package rookery.coordinator.dispatch;

import java.util.Arrays;

/// Times that were measured. Any thread.
final class Samples {
    /// What comes after so many is not kept.
    private static final int MOST = 4_000_000;

    private long[] nanos = new long[1 << 16];
    private int size;

    /// @param p50 and the others in milliseconds
    record Spread(int count, double p50, double p99, double longest) {}

    synchronized void add(long taken) {
        if (size == MOST) return;
        if (size == nanos.length) nanos = Arrays.copyOf(nanos, Math.min(MOST, 2 * size));
        nanos[size++] = taken;
    }

    synchronized void clear() {
        size = 0;
    }

    synchronized Spread spread() {
        if (size == 0) return new Spread(0, 0, 0, 0);
        long[] sorted = Arrays.copyOf(nanos, size);
        Arrays.sort(sorted);
        return new Spread(
                size,
                sorted[size / 2] / 1e6,
                sorted[(int) (size * 0.99)] / 1e6,
                sorted[size - 1] / 1e6);
    }
}
