package rookery.coordinator.work;

import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.model.Blame;
import rookery.model.Outcome;
import rookery.model.RookeryException;
import rookery.model.Work;
import rookery.oci.Blob;
import rookery.oci.layout.ImageLayout;
import rookery.oci.registry.Publisher;
import rookery.oci.registry.Reference;
import rookery.oci.registry.RegistryClient;
import rookery.oci.registry.RegistryException;

/// Publishes to a registry over HTTP. It holds the credentials; no agent ever does.
public final class RegistryPublishing implements Publishing {
    private final ImageLayout blobs;
    private final Publisher publisher;

    public RegistryPublishing(ImageLayout blobs, RegistryClient client) {
        this.blobs = blobs;
        this.publisher = new Publisher(client);
    }

    @Override
    public Outcome publish(Work.Publish work, Blob index) throws IOException {
        try {
            Reference repository = Reference.parse(work.image().repository());
            Publisher.Published done =
                    publisher.publish(
                            blobs,
                            index.digest(),
                            repository,
                            work.image().tags(),
                            work.allowDrop());
            SortedMap<String, Blob> made = new TreeMap<>();
            made.put("index", index);
            SortedMap<String, String> notes = new TreeMap<>();
            notes.put("reference", done.index().toString());
            notes.put("tags", String.join(" ", done.tags()));
            notes.put("blobs_sent", Integer.toString(done.blobsSent()));
            notes.put("blobs_present", Integer.toString(done.blobsPresent()));
            return new Outcome.Made(made, index.digest(), notes);
        } catch (RegistryException e) {
            throw new RookeryException(blame(e.kind()), String.valueOf(e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw new RookeryException(
                    Blame.SPEC,
                    "the image "
                            + work.image().repository()
                            + " cannot be published: "
                            + e.getMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RookeryException(
                    Blame.HOST, "publishing " + work.image().repository() + " was interrupted", e);
        }
    }

    private static Blame blame(RegistryException.Kind kind) {
        return switch (kind) {
            // Only the owner of credentials or spec can help; trying again does not.
            case DENIED, REFUSED -> Blame.SPEC;
            case UNREACHABLE, BROKEN -> Blame.UPSTREAM;
        };
    }
}
