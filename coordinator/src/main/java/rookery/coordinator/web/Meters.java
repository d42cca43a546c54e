package rookery.coordinator.web;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import rookery.coordinator.web.page.Figures;

/// What is measured outside of the farm. Any thread may report; reporting costs a few additions and
/// never blocks.
public final class Meters {
    /// Gauges that may be registered.
    private static final int GAUGES = 64;

    private static final List<Double> ROWS = List.of(1.0, 4.0, 16.0, 64.0, 256.0, 1024.0);
    private static final List<Double> SECONDS =
            List.of(0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0);

    private final Histogram batches = new Histogram(ROWS);
    private final Histogram commits = new Histogram(SECONDS);
    private final SortedMap<String, Registered> gauges = new TreeMap<>();

    private record Registered(String help, DoubleSupplier value) {}

    public Meters() {
        Runtime jvm = Runtime.getRuntime();
        gauge(
                "rookery_jvm_heap_used_bytes",
                "Heap in use.",
                () -> jvm.totalMemory() - jvm.freeMemory());
        gauge("rookery_jvm_heap_max_bytes", "Heap that may be used.", jvm::maxMemory);
    }

    /// One turn of the loop was saved: so many rows of steps, after so long.
    public void committed(int rows, Duration took) {
        batches.add(rows);
        commits.add(took.toNanos() / 1e9);
    }

    /// Adds a figure that is read whenever somebody looks: bytes of the blob store, open streams.
    ///
    /// @param name in Prometheus' grammar, with its unit last
    public synchronized void gauge(String name, String help, DoubleSupplier value) {
        if (gauges.size() >= GAUGES) throw new IllegalStateException("too many gauges: " + name);
        gauges.put(name, new Registered(help, value));
    }

    synchronized List<Figures.Gauge> gauges() {
        var now = new ArrayList<Figures.Gauge>();
        gauges.forEach(
                (name, g) -> now.add(new Figures.Gauge(name, g.help, g.value.getAsDouble())));
        return now;
    }

    List<Figures.Spread> spreads() {
        return List.of(
                batches.spread("rookery_commit_steps", "Steps that one turn of the loop saved."),
                commits.spread(
                        "rookery_commit_seconds", "How long saving one turn of the loop took."));
    }

    private static final class Histogram {
        private final List<Double> bounds;
        private final AtomicLongArray counts;
        private final LongAdder all = new LongAdder();
        private final DoubleAdder sum = new DoubleAdder();

        Histogram(List<Double> bounds) {
            this.bounds = bounds;
            this.counts = new AtomicLongArray(bounds.size());
        }

        void add(double value) {
            for (int i = 0; i < bounds.size(); i++)
                if (value <= bounds.get(i)) counts.incrementAndGet(i);
            all.increment();
            sum.add(value);
        }

        Figures.Spread spread(String name, String help) {
            var now = new ArrayList<Long>();
            for (int i = 0; i < bounds.size(); i++) now.add(counts.get(i));
            return new Figures.Spread(name, help, bounds, now, all.sum(), sum.sum());
        }
    }
}
