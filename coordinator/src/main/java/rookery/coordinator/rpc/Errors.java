package rookery.coordinator.rpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletionException;
import rookery.model.RookeryException;
import rookery.oci.Printable;

/// The one place where errors become gRPC statuses. Each says in a sentence what was asked, what
/// was found and what to do.
final class Errors {
    private Errors() {}

    static StatusRuntimeException status(Throwable error) {
        Throwable cause =
                error instanceof CompletionException && error.getCause() != null
                        ? error.getCause()
                        : error;
        if (cause instanceof StatusRuntimeException already) return already;
        if (!(cause instanceof RookeryException known))
            return Status.INTERNAL
                    .withDescription(
                            cause + "; this is a bug of Rookery, the coordinator's log has more")
                    .withCause(cause)
                    .asRuntimeException();
        Status status =
                switch (known.blame()) {
                    case SPEC -> Status.INVALID_ARGUMENT;
                    case HOST, UPSTREAM -> Status.UNAVAILABLE;
                    case BUG -> Status.INTERNAL;
                };
        return status.withDescription(known.getMessage()).withCause(cause).asRuntimeException();
    }

    static StatusRuntimeException refusal(Status status, String sentence) {
        return status.withDescription(sentence).asRuntimeException();
    }

    static StatusRuntimeException notFound(String what) {
        return refusal(
                Status.NOT_FOUND, "there is no " + what + "; `rookery list` shows what there is");
    }

    /// Foreign text in a sentence.
    static String quoted(String text) {
        return "'" + Printable.clip(text) + "'";
    }
}
