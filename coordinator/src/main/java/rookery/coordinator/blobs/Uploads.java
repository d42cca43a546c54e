package rookery.coordinator.blobs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import rookery.oci.Digest;
import rookery.oci.layout.ImageLayout;
import rookery.oci.layout.Incoming;

/// The uploads that are open. An upload's id is its file's name and holds a tag of who began it, so
/// that an upload outlives the coordinator and nobody else can go on with it.
final class Uploads implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Uploads.class.getName());
    private static final Pattern ID = Pattern.compile("up-[0-9a-f]{32}-[0-9a-f]{16}");
    private static final int RANDOM_BYTES = 16;
    private static final int TAG_CHARS = 16;

    /// Silent for so long, an upload no longer holds a file open.
    private static final Duration PARKED_AFTER = Duration.ofMinutes(5);

    private final ImageLayout layout;
    private final BlobLimits limits;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Upload> open = new LinkedHashMap<>();
    private boolean closed;

    Uploads(ImageLayout layout, BlobLimits limits, InstantSource clock) {
        this.layout = layout;
        this.limits = limits;
        this.clock = clock;
    }

    Upload begin(Visitor who) throws Refusal, IOException {
        String owner = tag(who);
        var bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String id = "up-" + HexFormat.of().formatHex(bytes) + "-" + owner;
        checkSpace(0);
        synchronized (this) {
            checkRoom(owner);
            var upload =
                    new Upload(id, owner, layout.incoming(id, limits.blobBytes()), clock.instant());
            open.put(id, upload);
            return upload;
        }
    }

    /// The visitor's own upload of this id, from memory or from the disk.
    Upload find(String id, Visitor who) throws Refusal, IOException {
        String owner = tag(who);
        if (!ID.matcher(id).matches() || !id.endsWith("-" + owner)) throw Refusal.unknownUpload();
        synchronized (this) {
            Upload known = open.get(id);
            if (known != null) return known;
            if (closed) throw Refusal.unknownUpload();
            checkRoom(owner);
            Optional<Incoming> parked = layout.resume(id, limits.blobBytes());
            if (parked.isEmpty()) throw Refusal.unknownUpload();
            var upload = new Upload(id, owner, parked.get(), clock.instant());
            open.put(id, upload);
            return upload;
        }
    }

    synchronized void forget(Upload upload) {
        open.remove(upload.id(), upload);
    }

    /// Parks uploads that nobody goes on with, and deletes what was parked for too long.
    void sweep() throws IOException {
        Instant now = clock.instant();
        synchronized (this) {
            for (Upload upload : List.copyOf(open.values())) {
                if (upload.usedAt().isAfter(now.minus(PARKED_AFTER)) || !upload.tryHold()) continue;
                try {
                    upload.park();
                } finally {
                    upload.release(now);
                    open.remove(upload.id());
                }
            }
        }
        int swept = layout.sweep(now.minus(limits.uploadLife()));
        if (swept > 0) LOG.log(System.Logger.Level.INFO, "uploads given up: " + swept);
    }

    /// Refuses to write so many bytes more where the disk would be full after them.
    void checkSpace(long bytes) throws Refusal, IOException {
        long left = Files.getFileStore(layout.root()).getUsableSpace();
        if (left - bytes < limits.spareBytes())
            throw new Refusal(
                            503,
                            "UNAVAILABLE",
                            "the coordinator's disk has only "
                                    + (left >> 20)
                                    + " MiB left and keeps "
                                    + (limits.spareBytes() >> 20)
                                    + " free; run `rookery gc`, or give it a larger one")
                    .with("Retry-After", "30");
    }

    private void checkRoom(String owner) throws Refusal {
        long own = open.values().stream().filter(u -> u.owner().equals(owner)).count();
        if (closed || own >= limits.uploadsPerVisitor() || open.size() >= limits.uploads())
            throw new Refusal(
                            429,
                            "TOOMANYREQUESTS",
                            own
                                    + " uploads of yours and "
                                    + open.size()
                                    + " in all are open, of "
                                    + limits.uploadsPerVisitor()
                                    + " and "
                                    + limits.uploads()
                                    + "; finish one first")
                    .with("Retry-After", "5");
    }

    private static String tag(Visitor who) {
        String text = who.role() + " " + who.name();
        return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex().substring(0, TAG_CHARS);
    }

    /// Leaves every upload on the disk for the next coordinator.
    @Override
    public synchronized void close() {
        closed = true;
        for (Upload upload : open.values()) {
            try {
                upload.park();
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "upload=" + upload.id() + " not parked", e);
            }
        }
        open.clear();
    }
}
