package rookery.cli.farm;

import io.grpc.Status;
import io.grpc.StatusException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// Calls to a farm, and what its refusals mean here.
public final class Calls {
    /// How long a call may take that is answered at once.
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private Calls() {}

    /// One call.
    @FunctionalInterface
    public interface Call<A> {
        A make() throws StatusException;
    }

    /// @param what is done, for the sentence that says that it failed
    /// @throws RookeryException as the farm's refusal says
    public static <A> A make(FarmClient farm, String what, Call<A> call) {
        try {
            return call.make();
        } catch (StatusException e) {
            throw failed(farm, what, e);
        }
    }

    /// With the usual deadline.
    public static <S extends io.grpc.stub.AbstractStub<S>> S soon(S stub) {
        return stub.withDeadlineAfter(ANSWER.toSeconds(), TimeUnit.SECONDS);
    }

    /// The farm sorts its refusals by blame; this sorts them back.
    static RookeryException failed(FarmClient farm, String what, StatusException e) {
        Status status = e.getStatus();
        Blame blame =
                switch (status.getCode()) {
                    case INVALID_ARGUMENT,
                            NOT_FOUND,
                            ALREADY_EXISTS,
                            FAILED_PRECONDITION,
                            PERMISSION_DENIED,
                            UNAUTHENTICATED,
                            UNIMPLEMENTED ->
                            Blame.SPEC;
                    case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, CANCELLED ->
                            farm.isRemote() ? Blame.UPSTREAM : Blame.HOST;
                    case OK, UNKNOWN, OUT_OF_RANGE, INTERNAL, DATA_LOSS -> Blame.BUG;
                };
        String said =
                status.getDescription() == null
                        ? status.getCode().toString()
                        : status.getDescription();
        if (status.getCode() == Status.Code.UNAVAILABLE && status.getCause() != null)
            said += " (" + status.getCause().getMessage() + ")";
        String remedy =
                switch (blame) {
                    case UPSTREAM -> "; is the coordinator running, and is this its address?";
                    case SPEC, HOST, BUG -> "";
                };
        String whose = farm.isRemote() ? " at " + farm.name() : "";
        return new RookeryException(blame, what + whose + " failed: " + said + remedy, e);
    }
}
