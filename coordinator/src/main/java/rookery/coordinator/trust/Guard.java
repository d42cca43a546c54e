package rookery.coordinator.trust;

import io.grpc.Attributes;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import rookery.v1.EnrolmentGrpc;

/// Stands before every service: no call without a certificate that counts and a role that may, but
/// for those few that anybody may make. Knows the open calls of each certificate, and ends them
/// when it is revoked.
final class Guard implements ServerInterceptor {
    /// Open calls of one certificate.
    static final int CALLS = 1_000;

    private static final Attributes.Key<Presented> SHOWN = Attributes.Key.create("rookery-shown");
    private static final String RENEW = EnrolmentGrpc.getRenewMethod().getFullMethodName();

    private final Authority authority;
    private final Map<String, Set<LiveCall<?, ?>>> open = new ConcurrentHashMap<>();
    private final Runnable unlisten;

    Guard(Authority authority) {
        this.authority = authority;
        this.unlisten = authority.onRevoked(this::revoked);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        String method = call.getMethodDescriptor().getFullMethodName();
        Optional<Permissions.Rule> rule = Permissions.of(method);
        if (rule.isPresent() && rule.get().anybody()) return next.startCall(call, headers);
        Presented shown = call.getAttributes().get(SHOWN);
        if (shown == null)
            return refuse(
                    call,
                    new Refused(
                            Refused.Kind.WHO,
                            method
                                    + " needs a certificate and none was shown; join the farm first: ask an admin for a token (`rookery token create`) and give it with --join and --token"));
        var live = new LiveCall<>(this, call, shown);
        boolean started = false;
        try {
            // Known before it is admitted: whoever is revoked in between is found in the one or the
            // other.
            remember(live);
            Duration grace = method.equals(RENEW) ? authority.grace() : Duration.ZERO;
            Caller caller = authority.admit(shown, grace);
            if (rule.isEmpty() || !rule.get().roles().contains(caller.role()))
                throw new Refused(
                        Refused.Kind.MAY_NOT,
                        caller
                                + " may not call "
                                + method
                                + rule.filter(r -> !r.roles().isEmpty())
                                        .map(r ->
                                                ", only these may: "
                                                        + String.join(
                                                                ", ",
                                                                r.roles().stream()
                                                                        .map(x -> x.word())
                                                                        .toList()))
                                        .orElse("")
                                + "; ask an admin for a token of such a role");
            live.admitted(caller, caller.notAfter().plus(grace));
            ServerCall.Listener<Q> listener =
                    live.heardBy(Contexts.interceptCall(Callers.with(caller), live, headers, next));
            started = true;
            return listener;
        } catch (Refused e) {
            return refuse(call, e);
        } finally {
            if (!started) forget(live);
        }
    }

    private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Refused why) {
        call.close(why.status(), new Metadata());
        return new ServerCall.Listener<>() {};
    }

    boolean isAfter(Instant moment) {
        return authority.now().isAfter(moment);
    }

    private void remember(LiveCall<?, ?> call) {
        open.compute(
                call.serial(),
                (_, calls) -> {
                    Set<LiveCall<?, ?>> set = calls == null ? ConcurrentHashMap.newKeySet() : calls;
                    if (set.size() >= CALLS)
                        throw new Refused(
                                Refused.Kind.TOO_MANY,
                                "there are "
                                        + CALLS
                                        + " open calls with this certificate; end some");
                    set.add(call);
                    return set;
                });
    }

    void forget(LiveCall<?, ?> call) {
        open.computeIfPresent(
                call.serial(),
                (_, calls) -> {
                    calls.remove(call);
                    return calls.isEmpty() ? null : calls;
                });
    }

    private void revoked(Set<String> serials) {
        for (String serial : serials) {
            Set<LiveCall<?, ?>> calls = open.get(serial);
            if (calls == null) continue;
            for (LiveCall<?, ?> call : calls) {
                call.end(
                        Status.UNAUTHENTICATED.withDescription(
                                "the certificate was revoked while this call was open; ask an admin for a new token and join again"));
            }
        }
    }

    int openCalls() {
        return open.values().stream().mapToInt(Set::size).sum();
    }

    void close() {
        unlisten.run();
    }

    /// Reads each connection's certificate once.
    static final class Reader extends ServerTransportFilter {
        private final Connections connections;

        Reader(Connections connections) {
            this.connections = connections;
        }

        @Override
        public Attributes transportReady(Attributes attributes) {
            Presented shown = shown(attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
            connections.ready(attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR), shown != null);
            return shown == null ? attributes : attributes.toBuilder().set(SHOWN, shown).build();
        }

        private static @Nullable Presented shown(@Nullable SSLSession session) {
            if (session == null) return null;
            try {
                return session.getPeerCertificates()[0] instanceof X509Certificate certificate
                        ? Presented.of(certificate)
                        : null;
            } catch (SSLPeerUnverifiedException _) {
                return null; // none was shown
            }
        }
    }
}
