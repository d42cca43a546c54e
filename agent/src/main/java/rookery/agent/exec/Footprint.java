package rookery.agent.exec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// How much memory a step's processes held together at most: pages that nobody can take from them
/// (anonymous and shared memory, proc(5) `RssAnon` and `RssShmem`), since a machine that has less
/// starts to swap or to kill. It is looked at now and then, so a peak that lasts for less than a
/// look may be missed; what a parent and its child share counts twice.
///
/// Any thread.
public final class Footprint {
    private static final Duration FIRST = Duration.ofMillis(50);
    private static final Duration LAST = Duration.ofSeconds(2);
    private static final long KIB = 1024;

    private final AtomicLong peak = new AtomicLong();

    /// The most that was seen, in bytes; 0 when nothing was.
    public long peakBytes() {
        return peak.get();
    }

    /// Looks again and again until it is closed, less and less often.
    Following follow(Process process) {
        ProcessHandle root = process.toHandle();
        Thread thread = Thread.ofVirtual().name("footprint").start(() -> look(root));
        return thread::interrupt;
    }

    /// Ends the looking.
    @FunctionalInterface
    interface Following extends AutoCloseable {
        @Override
        void close();
    }

    private void look(ProcessHandle root) {
        try {
            for (Duration pause = FIRST; root.isAlive(); pause = longer(pause)) {
                sample(root);
                Thread.sleep(pause);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    private static Duration longer(Duration pause) {
        Duration longer = pause.multipliedBy(5).dividedBy(4);
        return longer.compareTo(LAST) > 0 ? LAST : longer;
    }

    /// Looks once.
    void sample(ProcessHandle root) {
        long bytes =
                Stream.concat(Stream.of(root), root.descendants())
                        .mapToLong(p -> held(p.pid()))
                        .sum();
        peak.accumulateAndGet(bytes, Math::max);
    }

    /// A process that has ended meanwhile holds nothing.
    private static long held(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(l -> l.startsWith("RssAnon:") || l.startsWith("RssShmem:"))
                    .mapToLong(Footprint::bytes)
                    .sum();
        } catch (IOException | java.io.UncheckedIOException _) {
            return 0;
        }
    }

    private static long bytes(String line) {
        String digits = line.replaceAll("[^0-9]", "");
        return digits.isEmpty() ? 0 : Long.parseLong(digits) * KIB;
    }
}
