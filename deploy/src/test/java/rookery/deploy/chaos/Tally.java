package rookery.deploy.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/// What happened, counted; and how long coordinators took to serve again. Any thread.
final class Tally {
    static final String COORDINATOR_KILLS = "coordinator killed";
    static final String AGENT_KILLS = "agent killed";
    static final String PARTITIONS = "network parted";
    static final String STOPS = "stopped for longer than a lease";
    static final String FULL_DISKS = "disk full";
    static final String DELAYS = "link delayed";
    static final String CUTS = "link cut";

    /// How long a coordinator may take from its process's start until it serves.
    private static final Duration PROMISED = Duration.ofSeconds(5);

    private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();
    private final List<Long> starts = Collections.synchronizedList(new ArrayList<>());

    void count(String what) {
        counts.computeIfAbsent(what, _ -> new LongAdder()).increment();
    }

    long of(String what) {
        LongAdder count = counts.get(what);
        return count == null ? 0 : count.sum();
    }

    void started(Duration took) {
        starts.add(took.toMillis());
    }

    private long startsWithin(Duration time) {
        synchronized (starts) {
            return starts.stream().filter(ms -> ms <= time.toMillis()).count();
        }
    }

    private long startMs(double part) {
        synchronized (starts) {
            List<Long> sorted = starts.stream().sorted().toList();
            return sorted.isEmpty()
                    ? 0
                    : sorted.get((int) Math.min(sorted.size() - 1, part * sorted.size()));
        }
    }

    String table() {
        var out = new StringBuilder();
        counts.forEach((what, count) ->
                out.append(String.format(Locale.ROOT, "%-44s %8d%n", what, count.sum())));
        out.append(
                String.format(
                        Locale.ROOT,
                        "%-44s %8d   p50 %d ms, p95 %d ms, slowest %d ms, %d within %d s%n",
                        "coordinator serving again",
                        starts.size(),
                        startMs(0.5),
                        startMs(0.95),
                        startMs(1),
                        startsWithin(PROMISED),
                        PROMISED.toSeconds()));
        return out.toString();
    }
}
