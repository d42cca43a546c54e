package rookery.coordinator.blobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import rookery.oci.Blob;
import rookery.oci.Digest;
import rookery.oci.layout.DamagedBlobException;
import rookery.oci.layout.ImageLayout;

/// The coordinator's blobs. Whatever it says is there is whole, and stays for the grace time from
/// then on: it hashes a blob when it is first asked for it and whenever its file is another one
/// than the last time, and touches it ([ImageLayout#touch]). A damaged blob is set aside by this,
/// and is missing from then on.
///
/// Blocking; any thread.
public final class BlobStore {
    private static final System.Logger LOG = System.getLogger(BlobStore.class.getName());
    private static final int LOCKS = 256;

    /// Files that are known to be whole; beyond, all are hashed again.
    private static final int KNOWN = 500_000;

    private final ImageLayout layout;
    private final InstantSource clock;
    private final Map<Digest, Seen> seen = new ConcurrentHashMap<>();

    /// Nobody hashes the same blob twice at once.
    private final Object[] locks = new Object[LOCKS];

    /// A file as it was when it was hashed.
    private record Seen(@Nullable Object key, long sizeBytes, long modifiedNs) {
        static Seen of(Path file) throws IOException {
            var facts = Files.readAttributes(file, BasicFileAttributes.class);
            return new Seen(
                    facts.fileKey(),
                    facts.size(),
                    facts.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS));
        }
    }

    public BlobStore(ImageLayout layout, InstantSource clock) {
        this.layout = layout;
        this.clock = clock;
        Arrays.setAll(locks, _ -> new Object());
    }

    /// For those who write or read whole blobs and check them themselves.
    public ImageLayout layout() {
        return layout;
    }

    /// The blob if it is there and whole. From now on it is kept for the grace time.
    public Optional<Blob> look(Digest digest) throws IOException {
        synchronized (locks[Math.floorMod(digest.hashCode(), LOCKS)]) {
            Optional<Path> file = layout.find(digest);
            if (file.isEmpty()) {
                seen.remove(digest);
                return Optional.empty();
            }
            try {
                Seen now = Seen.of(file.get());
                if (!now.equals(seen.get(digest)) && !isWhole(digest)) return Optional.empty();
                if (!layout.touch(digest, clock.instant())) return Optional.empty();
                if (seen.size() >= KNOWN) seen.clear();
                Seen touched = Seen.of(file.get());
                seen.put(digest, touched);
                return Optional.of(new Blob(digest, touched.sizeBytes));
            } catch (NoSuchFileException e) {
                seen.remove(digest);
                return Optional.empty();
            }
        }
    }

    /// Whether exactly this blob is there and whole; see [#look].
    public boolean holds(Blob blob) throws IOException {
        return look(blob.digest()).filter(blob::equals).isPresent();
    }

    /// Hashes a blob whatever is known of it; one that is not there is as good as whole.
    boolean scrub(Digest digest) throws IOException {
        synchronized (locks[Math.floorMod(digest.hashCode(), LOCKS)]) {
            try {
                return isWhole(digest);
            } catch (NoSuchFileException e) {
                return true;
            }
        }
    }

    private boolean isWhole(Digest digest) throws IOException {
        try {
            layout.verify(digest);
            return true;
        } catch (DamagedBlobException e) {
            damaged(e);
            return false;
        }
    }

    /// To be told of every damage that a reader finds.
    void damaged(DamagedBlobException damage) {
        seen.remove(damage.digest());
        LOG.log(
                System.Logger.Level.ERROR,
                "blob=" + damage.digest() + " damaged, set aside as " + damage.setAside());
    }
}
