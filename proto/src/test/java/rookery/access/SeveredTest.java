package rookery.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusException;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import rookery.v1.JobsGrpc;
import rookery.v1.ListJobsRequest;

class SeveredTest {
    @Test
    void aConnectionThatBreaksWhileWrittenToIsAFarmThatIsAway() {
        Status status =
                ended(
                        Status.UNKNOWN
                                .withDescription("channel closed")
                                .withCause(new ClosedChannelException()));
        assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(status.getDescription()).isEqualTo("channel closed");
    }

    @Test
    void whatAServerDoesNotNameStaysUnnamed() {
        Status status = ended(Status.UNKNOWN.withDescription("a bug over there"));
        assertThat(status.getCode()).isEqualTo(Status.Code.UNKNOWN);
    }

    private static Status ended(Status end) {
        try {
            var _ =
                    JobsGrpc.newBlockingV2Stub(
                                    ClientInterceptors.intercept(new Ending(end), new Severed()))
                            .list(ListJobsRequest.getDefaultInstance());
            throw new AssertionError("the call did not end");
        } catch (StatusException e) {
            return e.getStatus();
        }
    }

    /// A channel whose calls end so once all is said.
    private static final class Ending extends Channel {
        private final Status end;

        Ending(Status end) {
            this.end = end;
        }

        @Override
        public String authority() {
            return "nowhere";
        }

        @Override
        public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
            return new ClientCall<>() {
                private @Nullable Listener<A> listener;

                @Override
                public void start(Listener<A> told, Metadata headers) {
                    listener = told;
                }

                @Override
                public void request(int messages) {}

                @Override
                public void cancel(@Nullable String why, @Nullable Throwable cause) {}

                @Override
                public void halfClose() {
                    if (listener != null) listener.onClose(end, new Metadata());
                }

                @Override
                public void sendMessage(Q message) {}
            };
        }
    }
}
