package rookery.coordinator.trust;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import rookery.access.Role;

/// A call of a known caller, which can be ended from outside: gRPC lets one thread at a time speak
/// on a call, so everything that is said goes through one lock. When it is ended the service hears
/// that its caller is gone, just as if the connection had broken.
///
/// Every message, either way, is let through only while the certificate lasts; what an agent says
/// must be said as itself.
final class LiveCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
    /// The field by which messages name the agent that they are of.
    static final String AGENT = "agent";

    private final Guard guard;
    private final Presented shown;
    private final @Nullable FieldDescriptor agentField;
    private volatile @Nullable Caller caller;
    private volatile Instant end = Instant.MAX;
    private boolean closed; // guarded by this
    private volatile boolean ended;
    private volatile @Nullable Heard heard;

    LiveCall(Guard guard, ServerCall<Q, A> call, Presented shown) {
        super(call);
        this.guard = guard;
        this.shown = shown;
        this.agentField = agentField(call.getMethodDescriptor());
    }

    static @Nullable FieldDescriptor agentField(MethodDescriptor<?, ?> method) {
        return method.getRequestMarshaller()
                                instanceof MethodDescriptor.PrototypeMarshaller<?> known
                        && known.getMessagePrototype() instanceof Message message
                ? message.getDescriptorForType().findFieldByName(AGENT)
                : null;
    }

    String serial() {
        return shown.serial();
    }

    /// @param until when what the caller showed counts no more
    void admitted(Caller who, Instant until) {
        caller = who;
        end = until;
    }

    /// What the service listens with from now on.
    Listener<Q> heardBy(Listener<Q> service) {
        var listener = new Heard(service);
        heard = listener;
        if (ended) listener.gone();
        return listener;
    }

    /// Ends the call with this status; nothing that the service says later goes out.
    void end(Status status) {
        synchronized (this) {
            if (closed) return;
            closed = true;
            ended = true;
            super.close(status, new Metadata());
        }
        Heard listener = heard;
        if (listener != null) listener.gone();
    }

    /// Whether the caller may go on; ends the call if not.
    private boolean mayGoOn() {
        if (!guard.isAfter(end)) return true;
        end(
                Status.UNAUTHENTICATED.withDescription(
                        "the certificate of "
                                + caller
                                + " ended at "
                                + end
                                + " while this call was open; connect again with the renewed one"));
        return false;
    }

    @Override
    public void sendMessage(A message) {
        if (!mayGoOn()) return;
        synchronized (this) {
            if (!closed) super.sendMessage(message);
        }
    }

    @Override
    public synchronized void sendHeaders(Metadata headers) {
        if (!closed) super.sendHeaders(headers);
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
        if (closed) return;
        closed = true;
        super.close(status, trailers);
    }

    /// The caller's side. gRPC calls it on one thread at a time; the lock is for the one who ends
    /// the call from outside.
    private final class Heard extends SimpleForwardingServerCallListener<Q> {
        private boolean over; // guarded by this

        Heard(Listener<Q> service) {
            super(service);
        }

        @Override
        public void onMessage(Q message) {
            if (!mayGoOn() || !isItself(message)) return;
            synchronized (this) {
                if (!over) super.onMessage(message);
            }
        }

        private boolean isItself(Q message) {
            Caller who = Objects.requireNonNull(caller);
            if (agentField == null || who.role() != Role.AGENT || !(message instanceof Message m))
                return true;
            Object named = m.getField(agentField);
            if (who.name().equals(named)) return true;
            end(
                    Status.PERMISSION_DENIED.withDescription(
                            "the certificate is of agent "
                                    + who.name()
                                    + " and the message speaks as '"
                                    + String.valueOf(named).replaceAll("[^ -~]", "?")
                                    + "'; start the agent under the name that it joined with, or join again under the other"));
            return false;
        }

        @Override
        public synchronized void onHalfClose() {
            if (!over) super.onHalfClose();
        }

        @Override
        public synchronized void onReady() {
            if (!over) super.onReady();
        }

        @Override
        public void onCancel() {
            guard.forget(LiveCall.this);
            synchronized (this) {
                if (over) return;
                over = true;
                super.onCancel();
            }
        }

        @Override
        public void onComplete() {
            // To the service an end from outside is a caller that went away.
            if (ended) {
                onCancel();
                return;
            }
            guard.forget(LiveCall.this);
            synchronized (this) {
                if (over) return;
                over = true;
                super.onComplete();
            }
        }

        /// On a thread of its own: the service may be busy with this very call.
        void gone() {
            Thread.ofVirtual().name("ended-call").start(this::onCancel);
        }
    }
}
