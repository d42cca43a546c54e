package rookery.coordinator.blobs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import rookery.oci.json.Json;

/// A request's answer that is not the one it hoped for, as the distribution specification puts it.
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;
    private final transient SequencedMap<String, String> headers = new LinkedHashMap<>();

    Refusal(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    Refusal with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    int status() {
        return status;
    }

    SequencedMap<String, String> headers() {
        return headers;
    }

    byte[] body() {
        var error = new LinkedHashMap<String, String>();
        error.put("code", code);
        error.put("message", String.valueOf(getMessage()));
        return new Json.Obj(Map.of("errors", new Json.Arr(List.of(Json.texts(error))))).bytes();
    }

    static Refusal unknownBlob(String digest) {
        return new Refusal(
                404, "BLOB_UNKNOWN", "the blob " + digest + " is not here; upload or build it");
    }

    static Refusal unknownUpload() {
        return new Refusal(
                404,
                "BLOB_UPLOAD_UNKNOWN",
                "there is no such upload of yours: it is finished, was given up, or was silent for"
                        + " too long; begin a new one");
    }
}
