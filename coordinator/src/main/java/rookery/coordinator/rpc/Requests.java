package rookery.coordinator.rpc;

import io.grpc.Status;
import java.util.Optional;
import java.util.regex.Pattern;

/// Request ids. One belongs to whoever chose it: it is kept as `name/id`, so that nobody meets
/// another's job by choosing the same, and so that a job tells who submitted it. The owner of a
/// farm in one process has no name.
final class Requests {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:+@-]{1,128}");
    private static final char SEPARATOR = '/';

    private Requests() {}

    /// @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT for what is no request id
    static String key(Optional<String> requester, String id) {
        if (!ID.matcher(id).matches())
            throw Errors.refusal(
                    Status.INVALID_ARGUMENT,
                    "a submission needs a request id of 1 to 128 letters, digits and ._:+@-, not "
                            + Errors.quoted(id)
                            + "; a UUID will do, and the same one for each attempt");
        return requester.map(name -> name + SEPARATOR + id).orElse(id);
    }

    /// Who submitted it; empty for the owner of a farm in one process.
    static String requester(String key) {
        int end = key.lastIndexOf(SEPARATOR);
        return end < 0 ? "" : key.substring(0, end);
    }
}
