package rookery.coordinator.rpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import rookery.model.RookeryException;

/// The one place where errors become gRPC statuses.
final class Errors {
    private Errors() {}

    static StatusRuntimeException status(Throwable error) {
        Throwable cause =
                error instanceof java.util.concurrent.CompletionException
                                && error.getCause() != null
                        ? error.getCause()
                        : error;
        if (cause instanceof StatusRuntimeException already) return already;
        if (!(cause instanceof RookeryException known))
            return Status.INTERNAL
                    .withDescription(String.valueOf(cause))
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
}
