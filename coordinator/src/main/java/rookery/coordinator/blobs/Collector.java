package rookery.coordinator.blobs;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import rookery.oci.Digest;
import rookery.oci.archive.Trees;
import rookery.oci.layout.ImageLayout;

/// Deletes what nobody needs.
///
/// ```
/// 1 note the time   2 read what the book holds, what lies in the store
/// 3 choose rows to forget   4 forget them   5 delete blobs that no kept row names
///   and that nobody touched since (1) less the grace time
/// ```
///
/// Whoever is about to rely on a blob touches it first ([BlobStore#look]), and the check in 5 is
/// one with the deletion; so a blob that was said to be there stays, whatever happens between 1 and
/// 5.
public final class Collector {
    private static final System.Logger LOG = System.getLogger(Collector.class.getName());

    private final ImageLayout layout;
    private final Book book;
    private final Path logs;
    private final Keep keep;
    private final InstantSource clock;

    /// What one run did, or would do.
    ///
    /// @param blobs that were deleted, and their bytes
    /// @param results that were forgotten
    /// @param jobs that ended long ago and lost their logs
    /// @param keptBytes what is left
    public record Report(
            int blobs, long bytes, int results, int jobs, int keptBlobs, long keptBytes) {}

    /// @param logs the folder of logs, with a folder for each job
    public Collector(ImageLayout layout, Book book, Path logs, Keep keep, InstantSource clock) {
        this.layout = layout;
        this.book = book;
        this.logs = logs;
        this.keep = keep;
        this.clock = clock;
    }

    /// Looks what would go, and lets it be.
    public Report dryRun() throws IOException {
        return run(true);
    }

    public Report run() throws IOException {
        Report report = run(false);
        boolean idle = report.blobs + report.results + report.jobs == 0;
        LOG.log(
                idle ? System.Logger.Level.DEBUG : System.Logger.Level.INFO,
                "collected blobs="
                        + report.blobs
                        + " bytes="
                        + report.bytes
                        + " results="
                        + report.results
                        + " jobs="
                        + report.jobs
                        + " keptBytes="
                        + report.keptBytes);
        return report;
    }

    private synchronized Report run(boolean dry) throws IOException {
        Instant now = clock.instant();
        Instant untouched = now.minus(keep.grace());
        List<Book.Held> held = book.read();
        var stored = new HashMap<Digest, ImageLayout.Stored>();
        for (ImageLayout.Stored blob : layout.list()) stored.put(blob.blob().digest(), blob);
        var choice = new Choice(keep, now, stored, untouched);
        held.stream()
                .filter(h -> h.reason() == Book.Reason.RUNNING)
                .forEach(h -> choice.keep(h.digests()));
        held.stream()
                .filter(h -> h.reason() != Book.Reason.RUNNING)
                .sorted(Comparator.comparing(choice::usedAt).reversed())
                .forEach(choice::offer);
        int jobs = 0;
        int results = 0;
        for (Book.Held row : choice.forgotten) {
            if (row.reason() == Book.Reason.RESULT) results++;
            else jobs++;
        }
        if (!dry) {
            book.forget(choice.forgotten);
            for (Book.Held row : choice.forgotten) {
                if (row.reason() == Book.Reason.ENDED) Trees.delete(logs.resolve(row.id()));
            }
            layout.sweepDamaged(now.minus(keep.jobs()));
        }
        int blobs = 0;
        long bytes = 0;
        long all = 0;
        for (ImageLayout.Stored blob : stored.values()) {
            all += blob.blob().sizeBytes();
            if (choice.kept.contains(blob.blob().digest())) continue;
            if (dry
                    ? blob.touchedAt().isBefore(untouched)
                    : layout.delete(blob.blob().digest(), untouched)) {
                blobs++;
                bytes += blob.blob().sizeBytes();
            }
        }
        return new Report(blobs, bytes, results, jobs, stored.size() - blobs, all - bytes);
    }

    /// Which rows stay. Rows are offered newest first, so the quota is left to those.
    private static final class Choice {
        private final Keep keep;
        private final Instant now;
        private final Map<Digest, ImageLayout.Stored> stored;
        private final SortedSet<Digest> kept = new TreeSet<>();
        private final List<Book.Held> forgotten = new ArrayList<>();
        private long bytes;

        Choice(Keep keep, Instant now, Map<Digest, ImageLayout.Stored> stored, Instant untouched) {
            this.keep = keep;
            this.now = now;
            this.stored = stored;
            // In use or about to be: it counts, and cannot go.
            for (ImageLayout.Stored blob : stored.values()) {
                if (!blob.touchedAt().isBefore(untouched))
                    keep(new TreeSet<>(List.of(blob.blob().digest())));
            }
        }

        void keep(SortedSet<Digest> digests) {
            for (Digest digest : digests) {
                ImageLayout.Stored blob = stored.get(digest);
                if (kept.add(digest) && blob != null) bytes += blob.blob().sizeBytes();
            }
        }

        /// A result was used when all of it was last touched together; a job, when it ended.
        Instant usedAt(Book.Held row) {
            if (row.reason() != Book.Reason.RESULT) return row.usedAt();
            Instant touched = Instant.MAX;
            for (Digest digest : row.digests()) {
                ImageLayout.Stored blob = stored.get(digest);
                if (blob != null && blob.touchedAt().isBefore(touched)) touched = blob.touchedAt();
            }
            return touched.equals(Instant.MAX) || touched.isBefore(row.usedAt())
                    ? row.usedAt()
                    : touched;
        }

        void offer(Book.Held row) {
            boolean isResult = row.reason() == Book.Reason.RESULT;
            Instant oldest = now.minus(isResult ? keep.results() : keep.jobs());
            // A result of which a part is lost is never recalled again.
            boolean isLost = isResult && !stored.keySet().containsAll(row.digests());
            if (usedAt(row).isBefore(oldest) || isLost) {
                forgotten.add(row);
                return;
            }
            long more = 0;
            for (Digest digest : row.digests()) {
                ImageLayout.Stored blob = stored.get(digest);
                if (blob != null && !kept.contains(digest)) more += blob.blob().sizeBytes();
            }
            if (bytes + more <= keep.storeBytes()) keep(row.digests());
            // A job's row and logs are worth keeping without its files.
            else if (isResult) forgotten.add(row);
        }
    }
}
