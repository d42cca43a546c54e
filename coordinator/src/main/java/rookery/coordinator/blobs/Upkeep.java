package rookery.coordinator.blobs;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import rookery.model.RookeryException;
import rookery.oci.layout.ImageLayout;

/// What a running coordinator does for its blobs by itself, on one thread of its own: it collects,
/// and reads every blob again and again, slowly, so that damage is found before the blob is wanted.
public final class Upkeep implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Upkeep.class.getName());

    private final Collector collector;
    private final BlobStore store;
    private final Pace pace;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /// Blobs of this round that were not read yet.
    private final Deque<ImageLayout.Stored> unread = new ArrayDeque<>();

    /// @param collect beats between two collections; the first comes after one beat
    /// @param scrubBytes that are read in one beat
    public record Pace(Duration beat, int collect, long scrubBytes) {
        public static final Pace STANDARD = new Pace(Duration.ofMinutes(1), 60, 256L << 20);
    }

    private Upkeep(Collector collector, BlobStore store, Pace pace) {
        this.collector = collector;
        this.store = store;
        this.pace = pace;
        this.thread = Thread.ofVirtual().name("blob-upkeep").unstarted(this::run);
    }

    public static Upkeep start(Collector collector, BlobStore store, Pace pace) {
        var upkeep = new Upkeep(collector, store, pace);
        upkeep.thread.start();
        return upkeep;
    }

    private void run() {
        try {
            for (long beat = 0;
                    !closing.await(pace.beat().toMillis(), TimeUnit.MILLISECONDS);
                    beat++) {
                try {
                    if (beat % pace.collect() == 0) collector.run();
                    scrub();
                } catch (IOException | RookeryException e) {
                    LOG.log(System.Logger.Level.WARNING, "the blobs' upkeep goes on later", e);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void scrub() throws IOException {
        if (unread.isEmpty())
            store.layout().list().stream()
                    .sorted(Comparator.comparing(s -> s.blob().digest()))
                    .forEach(unread::add);
        for (long left = pace.scrubBytes(); left > 0 && !unread.isEmpty(); ) {
            ImageLayout.Stored next = unread.removeFirst();
            store.scrub(next.blob().digest());
            left -= next.blob().sizeBytes();
        }
    }

    /// Ends after the blob or the collection at hand.
    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
