package rookery.coordinator.trust;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/// Answers a message that is none in words. gRPC itself reads messages before any interceptor and
/// calls what does not read an unknown error; here it is read one layer further in, so that it can
/// be said what was wrong. The service hears that its caller is gone.
final class Malformed implements ServerInterceptor {
    private Malformed() {}

    static ServerServiceDefinition told(ServerServiceDefinition service) {
        return ServerInterceptors.intercept(
                ServerInterceptors.useInputStreamMessages(service), new Malformed());
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            private boolean over; // on gRPC's one thread at a time

            @Override
            public void onMessage(Q message) {
                if (over) return;
                try {
                    super.onMessage(message);
                } catch (StatusRuntimeException e) {
                    over = true;
                    call.close(status(call, e), new Metadata());
                    super.onCancel();
                }
            }

            @Override
            public void onHalfClose() {
                if (!over) super.onHalfClose();
            }

            @Override
            public void onReady() {
                if (!over) super.onReady();
            }

            @Override
            public void onCancel() {
                if (!over) super.onCancel();
            }

            @Override
            public void onComplete() {
                if (!over) super.onComplete();
            }
        };
    }

    private static Status status(ServerCall<?, ?> call, StatusRuntimeException e) {
        String method = call.getMethodDescriptor().getFullMethodName();
        return switch (e.getStatus().getCode()) {
            case RESOURCE_EXHAUSTED ->
                    Status.RESOURCE_EXHAUSTED.withDescription(
                            "a message to "
                                    + method
                                    + " is too large: "
                                    + e.getStatus().getDescription()
                                    + "; send less at once");
            default -> // foreign: gRPC's own reader says INTERNAL
                    Status.INVALID_ARGUMENT.withDescription(
                            "a message to "
                                    + method
                                    + " is malformed: "
                                    + e.getStatus().getDescription()
                                    + "; are both sides of one version?");
        };
    }
}
