package rookery.agent.artifacts;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import rookery.model.Blame;
import rookery.model.InputLostException;
import rookery.model.RookeryException;
import rookery.oci.Blob;
import rookery.oci.layout.DamagedBlobException;
import rookery.oci.layout.ImageLayout;

/// Blobs of an agent on the coordinator's own disk.
public record LayoutBlobs(ImageLayout layout) implements Blobs {

    @Override
    public Path fetch(Blob blob) throws IOException {
        try {
            Blob found = layout.verify(blob.digest());
            if (found.sizeBytes() == blob.sizeBytes())
                return layout.find(blob.digest()).orElseThrow(() -> lost(blob));
            throw new RookeryException(
                    Blame.BUG,
                    blob.digest()
                            + " has "
                            + found.sizeBytes()
                            + " bytes, the order says "
                            + blob.sizeBytes());
        } catch (NoSuchFileException | DamagedBlobException e) {
            throw lost(blob);
        }
    }

    @Override
    public Blob store(Path file) throws IOException {
        return layout.put(file);
    }

    @Override
    public Blob store(byte[] bytes) throws IOException {
        return layout.put(bytes);
    }

    private InputLostException lost(Blob blob) {
        return new InputLostException(blob.digest(), "the store at " + layout.root());
    }
}
