package rookery.oci.registry;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import rookery.oci.Blob;
import rookery.oci.Descriptor;
import rookery.oci.Digest;
import rookery.oci.Document;
import rookery.oci.Index;
import rookery.oci.Manifest;
import rookery.oci.MediaType;
import rookery.oci.Platform;
import rookery.oci.Tag;
import rookery.oci.json.Json;
import rookery.oci.json.MalformedDocumentException;
import rookery.oci.json.OciJson;
import rookery.oci.layout.ImageLayout;
import rookery.oci.registry.RegistryException.Kind;

/// Publishes an index from a layout such that nobody ever sees half of it:
///
/// ```
/// tags looked at -> blobs -> manifests by digest -> all of them asked for -> index by digest
///   -> tags looked at again -> tags, one after the other
/// ```
///
/// Everything before the tags is invisible to who pulls by tag, and doing it twice changes nothing,
/// so a publish that died is simply run again. A tag that already names an image never loses one of
/// its platforms unless that is asked for. Registries have no compare-and-set for tags: between the
/// second look and the push, another publisher may still win.
public final class Publisher {
    /// Blobs on their way at once; more only share the same line.
    private static final int PARALLEL = 4;

    private final RegistryClient client;

    /// What was done: the published digest, and how many blobs had to be sent and were there.
    public record Published(Reference index, List<String> tags, int blobsSent, int blobsPresent) {}

    public Publisher(RegistryClient client) {
        this.client = client.forPushing();
    }

    /// Publishes the index and gives it the tags. `allowDrop` permits that a tag loses platforms.
    public Published publish(
            ImageLayout layout,
            Digest index,
            Reference repository,
            List<String> tags,
            boolean allowDrop)
            throws IOException, InterruptedException {
        Reference bare = repository.bare();
        var distinct = tags.stream().map(Tag::check).distinct().toList();
        byte[] indexBytes = layout.read(index, Json.MAX_BYTES);
        if (!(parse(index, indexBytes, MediaType.INDEX) instanceof Index top)) {
            throw new IllegalArgumentException(index + " is not an index");
        }
        SortedSet<Platform> platforms = top.platforms();
        for (String tag : distinct) {
            checkNothingIsLost(bare.withTag(tag), platforms, allowDrop);
        }
        var manifests = new LinkedHashMap<Blob, byte[]>();
        var blobs = new LinkedHashMap<Digest, Blob>();
        for (Descriptor child : top.manifests()) {
            byte[] bytes = layout.read(child.digest(), Json.MAX_BYTES);
            manifests.put(child.blob(), bytes);
            if (!(parse(child.digest(), bytes, MediaType.MANIFEST) instanceof Manifest manifest)) {
                throw new IllegalArgumentException(index + " has an index in it");
            }
            manifest.children().forEach(d -> blobs.putIfAbsent(d.digest(), d.blob()));
        }
        int sent = push(layout, bare, blobs);
        for (var manifest : manifests.entrySet()) {
            Reference name = bare.withDigest(manifest.getKey().digest());
            client.pushManifest(name, MediaType.MANIFEST, manifest.getValue());
        }
        checkAllThere(bare, blobs, manifests);
        Reference published = bare.withDigest(index);
        client.pushManifest(published, MediaType.INDEX, indexBytes);
        checkManifest(published, Blob.of(indexBytes));
        for (String tag : distinct) {
            Reference tagged = bare.withTag(tag);
            checkNothingIsLost(tagged, platforms, allowDrop);
            client.pushManifest(tagged, MediaType.INDEX, indexBytes);
            checkManifest(tagged, Blob.of(indexBytes));
        }
        return new Published(published, distinct, sent, blobs.size() - sent);
    }

    private static Document parse(Digest digest, byte[] bytes, String mediaType) {
        try {
            return OciJson.read(bytes, mediaType);
        } catch (MalformedDocumentException e) {
            throw new IllegalArgumentException(digest + " is no image: " + e.getMessage(), e);
        }
    }

    private void checkNothingIsLost(Reference tag, SortedSet<Platform> platforms, boolean allowDrop)
            throws IOException, InterruptedException {
        if (allowDrop) {
            return;
        }
        Optional<RegistryClient.Fetched> before = client.manifest(tag);
        if (before.isEmpty()) {
            return;
        }
        Set<Platform> there =
                switch (before.get().document()) {
                    case Index index -> index.platforms();
                    case Manifest manifest -> platformOf(tag, manifest);
                };
        var lost = new TreeSet<>(there);
        lost.removeAll(platforms);
        if (!lost.isEmpty()) {
            throw new RegistryException(
                    Kind.REFUSED,
                    "push of "
                            + tag
                            + " stopped: the tag now has "
                            + lost
                            + ", which the new image lacks; build these platforms too, choose"
                            + " another tag, or allow it with --allow-drop");
        }
    }

    private Set<Platform> platformOf(Reference tag, Manifest manifest)
            throws IOException, InterruptedException {
        var platforms = new TreeSet<Platform>();
        if (manifest.artifactType().isEmpty()) {
            platforms.add(client.config(tag, manifest.config().blob()).platform());
        }
        return platforms;
    }

    private int push(ImageLayout layout, Reference to, SequencedMap<Digest, Blob> blobs)
            throws IOException, InterruptedException {
        var permits = new Semaphore(PARALLEL);
        int sent = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var done = new ExecutorCompletionService<Boolean>(threads);
            for (Blob blob : blobs.sequencedValues()) {
                done.submit(() -> {
                    permits.acquire();
                    try {
                        return push(layout, to, blob);
                    } finally {
                        permits.release();
                    }
                });
            }
            for (int i = 0; i < blobs.size(); i++) {
                try {
                    sent += done.take().get() ? 1 : 0;
                } catch (ExecutionException e) {
                    threads.shutdownNow(); // close() alone would wait for the other uploads
                    throw unwrapped(e);
                } catch (InterruptedException e) {
                    threads.shutdownNow();
                    throw e;
                }
            }
        }
        return sent;
    }

    private boolean push(ImageLayout layout, Reference to, Blob blob)
            throws IOException, InterruptedException {
        if (client.hasBlob(to, blob)) {
            return false;
        }
        layout.verify(blob.digest()); // a damaged blob is told here, with its remedy
        var file =
                layout.find(blob.digest())
                        .orElseThrow(() -> new NoSuchFileException(blob.digest().toString()));
        return client.pushBlob(to, blob, file);
    }

    private static IOException unwrapped(ExecutionException e) {
        return switch (e.getCause()) {
            case IOException cause -> cause;
            case RuntimeException cause -> throw cause;
            case Error cause -> throw cause;
            case null, default -> new IOException("a push stopped", e);
        };
    }

    private void checkAllThere(
            Reference in, SequencedMap<Digest, Blob> blobs, SequencedMap<Blob, byte[]> manifests)
            throws IOException, InterruptedException {
        var missing = new ArrayList<Digest>();
        for (Blob blob : blobs.sequencedValues()) {
            if (!client.hasBlob(in, blob)) {
                missing.add(blob.digest());
            }
        }
        if (!missing.isEmpty()) {
            throw new RegistryException(
                    Kind.BROKEN,
                    "push to "
                            + in
                            + " stopped: the registry took these blobs and lacks them now: "
                            + missing
                            + "; nothing was tagged");
        }
        for (Blob manifest : manifests.sequencedKeySet()) {
            checkManifest(in.withDigest(manifest.digest()), manifest);
        }
    }

    private void checkManifest(Reference reference, Blob blob)
            throws IOException, InterruptedException {
        if (!client.hasManifest(reference, blob)) {
            throw new RegistryException(
                    Kind.BROKEN,
                    "push of "
                            + reference
                            + " stopped: the registry took it, but does not have "
                            + blob.digest()
                            + " there now; somebody else may be publishing too");
        }
    }
}
