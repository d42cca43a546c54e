package rookery.access;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// gRPC channels to a farm: TLS, or plaintext on this machine; keepalive, bounds on messages, and a
/// deadline for each unary call that has none of its own.
public final class Channels {
    /// Where a farm's gRPC listens when an address names no port.
    public static final int PORT = 7601;

    /// Bytes of one answer; a job's view has a line for each of its steps.
    public static final int ANSWER_BYTES = 64 << 20;

    /// What a unary call gets that sets no deadline.
    public static final Duration DEADLINE = Duration.ofSeconds(60);

    private static final int METADATA_BYTES = 16 << 10;
    private static final Duration KEEPALIVE = Duration.ofSeconds(20);
    private static final Duration KEEPALIVE_ANSWER = Duration.ofSeconds(10);

    private Channels() {}

    /// Reads a farm's address: `https://host[:port]`, or `http://` for plaintext on this machine.
    ///
    /// @throws RookeryException with blame SPEC when it is none
    public static URI address(String text) {
        try {
            URI uri = URI.create(text);
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            boolean bare =
                    uri.getPath() == null || uri.getPath().isEmpty() || uri.getPath().equals("/");
            if (uri.getHost() != null
                    && (scheme.equals("https") || scheme.equals("http"))
                    && bare
                    && uri.getUserInfo() == null
                    && uri.getQuery() == null
                    && uri.getFragment() == null)
                return URI.create(
                        scheme
                                + "://"
                                + uri.getHost()
                                + ":"
                                + (uri.getPort() < 0 ? PORT : uri.getPort()));
        } catch (IllegalArgumentException _) {
            // told below
        }
        throw new RookeryException(
                Blame.SPEC, "'" + text + "' is no address of a farm; write https://HOST:" + PORT);
    }

    /// Without TLS, to a coordinator on this machine that listens so.
    ///
    /// @throws RookeryException with blame SPEC when the address is another machine's
    public static ManagedChannel plaintext(URI farm) {
        if (!isLoopback(farm.getHost()))
            throw new RookeryException(
                    Blame.SPEC,
                    farm
                            + " is another machine, to which nothing is said without TLS; write https:// and join the farm with a token");
        return built(builder(farm).usePlaintext());
    }

    /// With TLS of the caller's own making; [Identity#channel] is the usual one.
    public static ManagedChannel tls(URI farm, SSLContext context) {
        if (!"https".equals(farm.getScheme()))
            throw new RookeryException(
                    Blame.SPEC,
                    "a certificate is shown over TLS only; write https:// in place of " + farm);
        return built(builder(farm).sslContext(Tls.client(context)));
    }

    private static NettyChannelBuilder builder(URI farm) {
        String host = farm.getHost();
        boolean v6 = host.startsWith("[");
        return NettyChannelBuilder.forAddress(
                v6 ? host.substring(1, host.length() - 1) : host, farm.getPort());
    }

    private static ManagedChannel built(NettyChannelBuilder builder) {
        return builder.maxInboundMessageSize(ANSWER_BYTES)
                .maxInboundMetadataSize(METADATA_BYTES)
                .keepAliveTime(KEEPALIVE.toSeconds(), TimeUnit.SECONDS)
                .keepAliveTimeout(KEEPALIVE_ANSWER.toSeconds(), TimeUnit.SECONDS)
                .intercept(new Severed(), new UsualDeadline())
                .build();
    }

    /// Whether an address is this machine's own, which no other one can reach.
    public static boolean isLoopback(String host) {
        try {
            for (InetAddress each : InetAddress.getAllByName(host)) {
                if (!each.isLoopbackAddress()) return false;
            }
            return true;
        } catch (UnknownHostException _) {
            return false;
        }
    }

    private static final class UsualDeadline implements ClientInterceptor {
        @Override
        public <Q, A> ClientCall<Q, A> interceptCall(
                MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
            boolean unbounded =
                    method.getType() == MethodDescriptor.MethodType.UNARY
                            && options.getDeadline() == null;
            return next.newCall(
                    method,
                    unbounded
                            ? options.withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                            : options);
        }
    }
}
