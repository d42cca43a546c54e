package rookery.oci.layout;

import java.io.IOException;

/// More bytes came than the caller allowed. Nothing was stored.
public final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1;

    TooLargeException(String what, long limitBytes) {
        super(what + " is larger than its limit of " + limitBytes + " bytes; nothing was stored");
    }
}
