package rookery.access;

import io.grpc.Status;
import io.grpc.StatusException;
import java.net.URI;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// What a farm's "no" means to whoever asked for a certificate.
final class Refusals {
    private Refusals() {}

    static RookeryException of(String tried, URI farm, StatusException e) {
        Status status = e.getStatus();
        String said =
                status.getDescription() == null
                        ? status.getCode().toString()
                        : status.getDescription();
        return switch (status.getCode()) {
            case UNAUTHENTICATED,
                    PERMISSION_DENIED,
                    INVALID_ARGUMENT,
                    ALREADY_EXISTS,
                    FAILED_PRECONDITION ->
                    new RookeryException(
                            Blame.SPEC, tried + " at " + farm + " was refused: " + said, e);
            case UNIMPLEMENTED ->
                    new RookeryException(
                            Blame.SPEC,
                            tried
                                    + " at "
                                    + farm
                                    + " was refused: what listens there knows no enrolment; is it a farm's gRPC address, and of this version?",
                            e);
            case INTERNAL, DATA_LOSS, UNKNOWN ->
                    new RookeryException(
                            Blame.BUG,
                            tried + " at " + farm + " broke the coordinator: " + said,
                            e);
            default -> // foreign: gRPC's own, all of them "not now"
                    new RookeryException(
                            Blame.UPSTREAM,
                            tried
                                    + " at "
                                    + farm
                                    + " got no answer: "
                                    + said
                                    + cause(status.getCause())
                                    + "; is the coordinator running, and is this its address?",
                            e);
        };
    }

    private static String cause(@org.jspecify.annotations.Nullable Throwable cause) {
        return cause == null ? "" : " (" + cause.getMessage() + ")";
    }
}
