package rookery.agent.artifacts;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import rookery.model.Blame;
import rookery.model.InputLostException;
import rookery.model.RookeryException;
import rookery.oci.Blob;
import rookery.oci.Digest;
import rookery.oci.layout.DamagedBlobException;
import rookery.oci.layout.ImageLayout;
import rookery.oci.registry.Reference;
import rookery.oci.registry.RegistryClient;
import rookery.oci.registry.RegistryException;

/// Blobs of an agent on another machine than the coordinator: fetched over its blob plane, and kept
/// in a bounded store of the agent's own, so that nothing is fetched twice that is used twice. What
/// that store holds is hashed whenever it is used.
public final class RemoteBlobs implements Blobs {
    private static final int LOCKS = 64;

    /// A caller copies or unpacks what it got at once; by then it is long done.
    private static final Duration IN_USE = Duration.ofMinutes(15);

    private final RegistryClient coordinator;
    private final Reference repository;
    private final ImageLayout kept;
    private final long keptBytes;
    private final InstantSource clock;

    /// About how much is kept; counted anew at each eviction.
    private final AtomicLong bytes = new AtomicLong();

    /// Nobody fetches the same blob twice at once.
    private final Object[] locks = new Object[LOCKS];

    private RemoteBlobs(
            RegistryClient coordinator,
            Reference repository,
            ImageLayout kept,
            long keptBytes,
            InstantSource clock) {
        this.coordinator = coordinator;
        this.repository = repository;
        this.kept = kept;
        this.keptBytes = keptBytes;
        this.clock = clock;
        Arrays.setAll(locks, _ -> new Object());
    }

    /// Opens the agent's own store.
    ///
    /// @param coordinator speaks with its certificate
    /// @param repository where the blob plane is, as `farm.example.org:7602/rookery/farm`
    /// @param directory of the agent's own store; no other agent uses it
    /// @param keptBytes beyond which the least recently used go
    public static RemoteBlobs open(
            RegistryClient coordinator,
            Reference repository,
            Path directory,
            long keptBytes,
            InstantSource clock)
            throws IOException {
        ImageLayout kept = ImageLayout.create(directory);
        kept.sweep(clock.instant());
        var blobs =
                new RemoteBlobs(
                        coordinator.resuming().forPushing(), repository, kept, keptBytes, clock);
        blobs.evict();
        return blobs;
    }

    @Override
    public Path fetch(Blob blob) throws IOException {
        synchronized (lock(blob.digest())) {
            if (!isKept(blob)) {
                try {
                    coordinator.fetchBlob(repository, blob, kept);
                } catch (RegistryException e) {
                    throw unfetched(blob, e);
                } catch (InterruptedException e) {
                    throw interrupted(e);
                }
                added(blob);
            }
            return kept.find(blob.digest())
                    .orElseThrow(() -> new NoSuchFileException(blob.digest().toString()));
        }
    }

    /// One that the coordinator found damaged while it was sending is gone by now.
    private RookeryException unfetched(Blob blob, RegistryException e) throws IOException {
        try {
            if (!coordinator.hasBlob(repository, blob))
                return new InputLostException(blob.digest(), repository.toString());
        } catch (RegistryException also) {
            e.addSuppressed(also);
        } catch (InterruptedException interrupt) {
            throw interrupted(interrupt);
        }
        return failed("the step's input " + blob.digest() + " could not be fetched", e);
    }

    private boolean isKept(Blob blob) throws IOException {
        if (!kept.touch(blob.digest(), clock.instant())) return false;
        try {
            Blob found = kept.verify(blob.digest());
            if (found.equals(blob)) return true;
            throw new RookeryException(
                    Blame.BUG,
                    blob.digest()
                            + " has "
                            + found.sizeBytes()
                            + " bytes, the order says "
                            + blob.sizeBytes());
        } catch (DamagedBlobException | NoSuchFileException e) {
            return false;
        }
    }

    @Override
    public Blob store(Path file) throws IOException {
        return upload(kept.put(file));
    }

    @Override
    public Blob store(byte[] content) throws IOException {
        return upload(kept.put(content));
    }

    private Blob upload(Blob blob) throws IOException {
        Path file =
                kept.find(blob.digest())
                        .orElseThrow(() -> new NoSuchFileException(blob.digest().toString()));
        try {
            coordinator.pushBlob(repository, blob, file);
        } catch (RegistryException e) {
            throw failed("the step's result " + blob.digest() + " could not be uploaded", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        added(blob);
        return blob;
    }

    private void added(Blob blob) throws IOException {
        if (bytes.addAndGet(blob.sizeBytes()) > keptBytes) evict();
    }

    /// Deletes the least recently used until the rest fits, but nothing that may be in use.
    private synchronized void evict() throws IOException {
        List<ImageLayout.Stored> all =
                kept.list().stream()
                        .sorted(Comparator.comparing(ImageLayout.Stored::touchedAt))
                        .toList();
        long total = all.stream().mapToLong(s -> s.blob().sizeBytes()).sum();
        Instant free = clock.instant().minus(IN_USE);
        for (ImageLayout.Stored oldest : all) {
            if (total <= keptBytes) break;
            if (kept.delete(oldest.blob().digest(), free)) total -= oldest.blob().sizeBytes();
        }
        kept.sweepDamaged(free);
        bytes.set(total);
    }

    private Object lock(Digest digest) {
        return locks[Math.floorMod(digest.hashCode(), LOCKS)];
    }

    /// Whatever it is, another agent or a later attempt may fare better.
    private RookeryException failed(String what, RegistryException e) {
        return new RookeryException(
                Blame.HOST, what + ": " + e.getMessage() + " (by way of " + repository + ")", e);
    }

    private static InterruptedIOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        var interrupted = new InterruptedIOException("moving a blob was interrupted");
        interrupted.initCause(e);
        return interrupted;
    }
}
