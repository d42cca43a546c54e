package rookery.oci.layout;

import java.io.IOException;
import rookery.oci.Blob;
import rookery.oci.Digest;

/// Bytes that were to be stored under one digest turned out to have another. Nothing was stored.
public final class WrongDigestException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Digest expected;
    private final transient Blob found;

    WrongDigestException(Digest expected, Blob found) {
        super(
                "expected a blob with "
                        + expected
                        + ", but the "
                        + found.sizeBytes()
                        + " bytes that came have "
                        + found.digest()
                        + "; nothing was stored");
        this.expected = expected;
        this.found = found;
    }

    public Digest expected() {
        return expected;
    }

    public Blob found() {
        return found;
    }
}
