package rookery.agent.artifacts;

import java.io.IOException;
import java.nio.file.Path;
import rookery.oci.Blob;

/// Where steps' inputs come from and their results go. Any thread.
public interface Blobs {

    /// A file with exactly the blob's bytes, checked. It belongs to the store: do not write to it,
    /// do not keep it.
    ///
    /// @throws rookery.model.InputLostException where the store lacks it
    Path fetch(Blob blob) throws IOException;

    /// Stores a copy.
    Blob store(Path file) throws IOException;

    Blob store(byte[] bytes) throws IOException;
}
