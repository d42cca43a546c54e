package rookery.cli.farm;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import rookery.model.Blame;
import rookery.model.RookeryException;
import rookery.oci.Blob;
import rookery.oci.Descriptor;
import rookery.oci.Digest;
import rookery.oci.Document;
import rookery.oci.MediaType;
import rookery.oci.json.Json;
import rookery.oci.json.MalformedDocumentException;
import rookery.oci.json.OciJson;
import rookery.oci.layout.ImageLayout;
import rookery.oci.registry.Reference;
import rookery.oci.registry.RegistryClient;

/// Blobs of a farm on another machine, over its blob plane.
public final class RemoteStore implements FarmStore {
    /// Blobs that are on their way at once.
    private static final int AT_ONCE = 4;

    /// An index of indexes of indexes is already unheard of.
    private static final int MAX_DEPTH = 4;

    private final RegistryClient farm;
    private final Reference repository;
    private final ImageLayout local;

    /// @param farm speaks with this user's certificate
    /// @param repository where the blob plane is, as `farm.example.org:7602/rookery/farm`
    /// @param local what was packed and brought lies here
    public RemoteStore(RegistryClient farm, Reference repository, ImageLayout local) {
        this.farm = farm.resuming().forPushing();
        this.repository = repository;
        this.local = local;
    }

    @Override
    public ImageLayout local() {
        return local;
    }

    @Override
    public void send(Collection<Digest> blobs) {
        var moves = new ArrayList<Move>();
        for (Digest digest : new TreeSet<>(blobs)) moves.add(() -> push(digest));
        all("uploading to", moves);
    }

    private void push(Digest digest) throws IOException, InterruptedException {
        Path file =
                local.find(digest).orElseThrow(() -> new NoSuchFileException(digest.toString()));
        long size =
                local.size(digest).orElseThrow(() -> new NoSuchFileException(digest.toString()));
        farm.pushBlob(repository, new Blob(digest, size), file);
    }

    @Override
    public void bring(Collection<Blob> blobs) {
        var moves = new ArrayList<Move>();
        for (Blob blob : blobs) moves.add(() -> farm.fetchBlob(repository, blob, local));
        all("downloading from", moves);
    }

    @Override
    public void bringImage(Blob index) {
        bring(List.of(index));
        bringParts(index, MediaType.INDEX, MAX_DEPTH);
    }

    private void bringParts(Blob top, String mediaType, int depth) {
        if (depth == 0)
            throw broken(top.digest() + " nests deeper than " + MAX_DEPTH + " indexes", null);
        List<Descriptor> parts = document(top, mediaType).children();
        bring(parts.stream().map(Descriptor::blob).toList());
        for (Descriptor part : parts) {
            if (MediaType.isIndex(part.mediaType()) || MediaType.isManifest(part.mediaType()))
                bringParts(part.blob(), part.mediaType(), depth - 1);
        }
    }

    private Document document(Blob blob, String mediaType) {
        try {
            return OciJson.read(local.read(blob.digest(), Json.MAX_BYTES), mediaType);
        } catch (IOException | MalformedDocumentException e) {
            throw broken(blob.digest() + " cannot be read: " + e.getMessage(), e);
        }
    }

    private interface Move {
        void run() throws IOException, InterruptedException;
    }

    /// The first that fails ends them all.
    private void all(String doing, List<Move> moves) {
        var room = new Semaphore(AT_ONCE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var done = new ExecutorCompletionService<Boolean>(threads);
            for (Move move : moves) {
                done.submit(() -> {
                    room.acquire();
                    try {
                        move.run();
                        return true;
                    } finally {
                        room.release();
                    }
                });
            }
            try {
                for (int i = 0; i < moves.size(); i++) done.take().get();
            } catch (ExecutionException e) {
                threads.shutdownNow();
                Throwable cause = e.getCause() == null ? e : e.getCause();
                throw broken(doing + " the farm stopped: " + cause.getMessage(), cause);
            } catch (InterruptedException e) {
                threads.shutdownNow();
                Thread.currentThread().interrupt();
                throw broken(doing + " the farm was interrupted", e);
            }
        }
    }

    private RookeryException broken(String what, @Nullable Throwable e) {
        String message = what + " (by way of " + repository + "); try again later";
        return e == null
                ? new RookeryException(Blame.UPSTREAM, message)
                : new RookeryException(Blame.UPSTREAM, message, e);
    }
}
