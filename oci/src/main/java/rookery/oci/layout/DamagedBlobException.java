package rookery.oci.layout;

import java.io.IOException;
import java.nio.file.Path;
import rookery.oci.Digest;

/// A stored blob's bytes no longer have its digest. The blob has been set aside, so the store now
/// says that it is missing, and it can be fetched or built again.
public final class DamagedBlobException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Digest digest;
    private final transient Path setAside;

    DamagedBlobException(Digest digest, Digest found, Path setAside) {
        super(
                "the stored blob "
                        + digest
                        + " is damaged: its bytes now have "
                        + found
                        + "; it was set aside as "
                        + setAside
                        + "; check the disk, then run again to make it anew");
        this.digest = digest;
        this.setAside = setAside;
    }

    public Digest digest() {
        return digest;
    }

    /// Where the damaged bytes are kept for a look.
    public Path setAside() {
        return setAside;
    }
}
