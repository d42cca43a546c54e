package rookery.coordinator.blobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.oci.Blob;
import rookery.oci.Digest;
import rookery.oci.layout.ImageLayout;

class CollectorTest {
    private static final Duration GRACE = Duration.ofHours(24);
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir Path directory;
    private ImageLayout layout;
    private Instant now = Instant.parse("2026-06-01T00:00:00Z");
    private final InstantSource clock = () -> now;
    private final List<Book.Held> rows = new ArrayList<>();

    /// What happens between reading the book and deleting by it.
    private Runnable meanwhile = () -> {};

    private final Book book =
            new Book() {
                @Override
                public List<Held> read() {
                    return List.copyOf(rows);
                }

                @Override
                public void forget(Collection<Held> forgotten) {
                    rows.removeAll(forgotten);
                    meanwhile.run();
                }
            };

    @BeforeEach
    void open() throws IOException {
        layout = ImageLayout.create(directory.resolve("blobs"));
    }

    private Collector collector(Keep keep) {
        return new Collector(layout, book, directory.resolve("logs"), keep, clock);
    }

    private Collector.Report collect() throws IOException {
        return collector(Keep.STANDARD).run();
    }

    /// A blob of this many bytes that was last touched so long ago.
    private Digest blob(String name, int size, Duration ago) throws IOException {
        byte[] bytes = java.util.Arrays.copyOf(name.getBytes(UTF_8), size);
        Blob blob = layout.put(bytes);
        layout.touch(blob.digest(), now.minus(ago));
        return blob.digest();
    }

    private void hold(Book.Reason reason, String id, Duration ago, Digest... digests) {
        rows.add(new Book.Held(reason, id, now.minus(ago), new TreeSet<>(List.of(digests))));
    }

    @Test
    void whatNobodyNamesGoesAfterTheGraceTime() throws IOException {
        Digest young = blob("young", 10, GRACE.minusMinutes(1));
        Digest old = blob("old", 20, GRACE.plusMinutes(1));
        assertThat(collector(Keep.STANDARD).dryRun())
                .isEqualTo(new Collector.Report(1, 20, 0, 0, 1, 10));
        assertThat(layout.has(old)).isTrue();
        assertThat(collect()).isEqualTo(new Collector.Report(1, 20, 0, 0, 1, 10));
        assertThat(layout.has(old)).isFalse();
        assertThat(layout.has(young)).isTrue();
    }

    @Test
    void whatARunningJobNamesStaysHoweverOldAndLarge() throws IOException {
        Digest digest = blob("source", 1_000, DAY.multipliedBy(400));
        hold(Book.Reason.RUNNING, "j1", DAY.multipliedBy(400), digest);
        collector(Keep.STANDARD.withStoreBytes(0)).run();
        assertThat(layout.has(digest)).isTrue();
        assertThat(rows).hasSize(1);
    }

    @Test
    void aResultGoesWhenItWasNotUsedForLong() throws IOException {
        Digest used = blob("used", 10, DAY.multipliedBy(10));
        Digest unused = blob("unused", 10, DAY.multipliedBy(31));
        hold(Book.Reason.RESULT, "k1", DAY.multipliedBy(90), used);
        hold(Book.Reason.RESULT, "k2", DAY.multipliedBy(90), unused);
        assertThat(collect().results()).isEqualTo(1);
        assertThat(rows).extracting(Book.Held::id).containsExactly("k1");
        assertThat(layout.has(used)).isTrue();
        assertThat(layout.has(unused)).isFalse();
    }

    @Test
    void beyondTheQuotaTheLeastRecentlyUsedResultsGoFirst() throws IOException {
        Digest a = blob("a", 100, DAY.multipliedBy(2));
        Digest b = blob("b", 100, DAY.multipliedBy(3));
        Digest c = blob("c", 100, DAY.multipliedBy(4));
        hold(Book.Reason.RESULT, "c", DAY.multipliedBy(9), c);
        hold(Book.Reason.RESULT, "a", DAY.multipliedBy(9), a);
        hold(Book.Reason.RESULT, "b", DAY.multipliedBy(9), b);
        assertThat(collector(Keep.STANDARD.withStoreBytes(250)).run().keptBytes()).isEqualTo(200);
        assertThat(rows).extracting(Book.Held::id).containsExactlyInAnyOrder("a", "b");
        assertThat(layout.has(c)).isFalse();
    }

    @Test
    void aBlobThatTwoResultsShareGoesWithTheLast() throws IOException {
        Digest shared = blob("shared", 100, DAY.multipliedBy(40));
        Digest own = blob("own", 100, DAY.multipliedBy(40));
        hold(Book.Reason.RESULT, "old", DAY.multipliedBy(50), shared, own);
        hold(Book.Reason.RESULT, "new", DAY.multipliedBy(3), shared);
        collect();
        assertThat(layout.has(shared)).isTrue();
        assertThat(layout.has(own)).isFalse();
        rows.clear();
        collect();
        assertThat(layout.has(shared)).isFalse();
    }

    @Test
    void aResultWhosePartIsLostIsForgotten() throws IOException {
        Digest left = blob("left", 100, DAY.multipliedBy(2));
        hold(Book.Reason.RESULT, "k", DAY, left, Digest.of("lost".getBytes(UTF_8)));
        assertThat(collect()).isEqualTo(new Collector.Report(1, 100, 1, 0, 0, 0));
        assertThat(rows).isEmpty();
    }

    @Test
    void aJobThatEndedLongAgoLosesItsFilesAndItsLogs() throws IOException {
        Path logs = directory.resolve("logs");
        for (String job : List.of("j1", "j2"))
            Files.writeString(
                    Files.createDirectories(logs.resolve(job)).resolve("fetch.log"), "log");
        Digest old = blob("old source", 10, DAY.multipliedBy(50));
        Digest young = blob("young source", 10, DAY.multipliedBy(50));
        hold(Book.Reason.ENDED, "j1", DAY.multipliedBy(31), old);
        hold(Book.Reason.ENDED, "j2", DAY.multipliedBy(29), young);
        assertThat(collect().jobs()).isEqualTo(1);
        assertThat(logs.resolve("j1")).doesNotExist();
        assertThat(logs.resolve("j2")).isNotEmptyDirectory();
        assertThat(layout.has(old)).isFalse();
        assertThat(layout.has(young)).isTrue();
    }

    @Test
    void whatIsTouchedWhileItCollectsStays() throws IOException {
        Digest wanted = blob("wanted", 10, DAY.multipliedBy(90));
        Digest stored = blob("stored again", 10, DAY.multipliedBy(90));
        Digest unwanted = blob("unwanted", 10, DAY.multipliedBy(90));
        var store = new BlobStore(layout, clock);
        meanwhile =
                () -> {
                    try {
                        assertThat(store.look(wanted)).isPresent();
                        layout.put(java.util.Arrays.copyOf("stored again".getBytes(UTF_8), 10));
                        layout.touch(stored, now);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                };
        assertThat(collect().blobs()).isPositive();
        assertThat(layout.has(wanted)).isTrue();
        assertThat(layout.has(unwanted)).isFalse();
    }

    /// One history: visitors look, upload, submit and end jobs; the collector runs in between, and
    /// something happens in its midst each time. Whatever was said to be there must be there until
    /// its job has ended or the grace time is over.
    @Test
    void nothingThatWasPromisedIsEverUnknown() throws IOException {
        for (int seed = 0; seed < 40; seed++) {
            rows.clear();
            var history = new Promises(new Random(seed));
            for (int step = 0; step < 60; step++) history.step();
            assertThat(history.broken).as("seed %d", seed).isEmpty();
        }
    }

    private final class Promises {
        private final Random random;
        private final BlobStore store = new BlobStore(layout, clock);
        private final List<Promise> promises = new ArrayList<>();
        private int jobs;
        final List<String> broken = new ArrayList<>();

        /// @param job empty until one was submitted with it
        record Promise(Digest digest, String job, Instant until) {}

        Promises(Random random) {
            this.random = random;
        }

        void step() throws IOException {
            now = now.plus(Duration.ofMinutes(random.nextInt(8 * 60)));
            if (random.nextInt(4) == 0) {
                meanwhile = () -> act();
                collect();
                meanwhile = () -> {};
            } else {
                act();
            }
            check();
        }

        private void act() {
            try {
                String name = "blob " + random.nextInt(12);
                switch (random.nextInt(4)) {
                    case 0 -> store.look(Digest.of(name.getBytes(UTF_8))).ifPresent(this::promise);
                    case 1 -> {
                        Blob blob = layout.put(name.getBytes(UTF_8));
                        // The file system's clock is not this history's.
                        layout.touch(blob.digest(), now);
                        promise(blob);
                    }
                    case 2 -> submit();
                    default -> end();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void promise(Blob blob) {
            promises.add(new Promise(blob.digest(), "", now.plus(GRACE)));
        }

        private void submit() {
            List<Promise> fresh =
                    promises.stream()
                            .filter(p -> p.job.isEmpty() && !p.until.isBefore(now))
                            .toList();
            if (fresh.isEmpty()) return;
            Promise taken = fresh.get(random.nextInt(fresh.size()));
            String job = "j" + ++jobs;
            hold(Book.Reason.RUNNING, job, Duration.ZERO, taken.digest);
            promises.remove(taken);
            promises.add(new Promise(taken.digest, job, Instant.MAX));
        }

        private void end() {
            List<Book.Held> running =
                    rows.stream().filter(r -> r.reason() == Book.Reason.RUNNING).toList();
            if (running.isEmpty()) return;
            Book.Held row = running.get(random.nextInt(running.size()));
            rows.remove(row);
            promises.removeIf(p -> p.job.equals(row.id()));
        }

        private void check() {
            promises.removeIf(p -> p.until.isBefore(now));
            for (Promise promise : promises) {
                if (!layout.has(promise.digest))
                    broken.add(promise.digest + " of '" + promise.job + "' at " + now);
            }
        }
    }

    @Test
    void threadsThatLookAndStoreWhileItCollectsLoseNothing() throws Exception {
        var store = new BlobStore(layout, clock);
        var done = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var visitors = new ArrayList<Future<Integer>>();
            for (int t = 0; t < 4; t++) {
                var random = new Random(t);
                // Its own, or another thread would make it old again between look and has.
                String mine = "blob of " + t + ", ";
                Callable<Integer> visitor =
                        () -> {
                            int unknown = 0;
                            for (int i = 0; i < 1_000; i++) {
                                byte[] bytes = (mine + random.nextInt(50)).getBytes(UTF_8);
                                Digest digest = Digest.of(bytes);
                                if (store.look(digest).isEmpty()) {
                                    layout.put(bytes);
                                    layout.touch(digest, now);
                                }
                                if (!layout.has(digest)) unknown++;
                                // It is forgotten at once, so that there is always something to go.
                                if (random.nextInt(10) == 0)
                                    layout.touch(digest, now.minus(GRACE.multipliedBy(2)));
                            }
                            return unknown;
                        };
                visitors.add(threads.submit(visitor));
            }
            Future<Integer> collections =
                    threads.submit(() -> {
                        int runs = 0;
                        for (; !done.get(); runs++) collect();
                        return runs;
                    });
            int unknown = 0;
            for (var visitor : visitors) unknown += visitor.get();
            done.set(true);
            assertThat(collections.get()).isPositive();
            assertThat(unknown).isZero();
        }
    }
}
