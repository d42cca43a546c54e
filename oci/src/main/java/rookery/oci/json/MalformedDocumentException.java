package rookery.oci.json;

/// A JSON document is not what it should be. The message says where and what was found; the caller
/// knows whose document it was and adds that.
public final class MalformedDocumentException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public MalformedDocumentException(String message) {
        super(message);
    }

    public MalformedDocumentException(String message, Throwable cause) {
        super(message, cause);
    }
}
