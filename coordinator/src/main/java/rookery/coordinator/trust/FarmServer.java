package rookery.coordinator.trust;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import rookery.access.Tls;
import rookery.model.Blame;
import rookery.model.Limits;
import rookery.model.RookeryException;

/// The farm's gRPC server: TLS 1.3 with optional client certificates and a [Guard] before every
/// service, or plaintext on loopback; health and reflection beside the services; a bound on
/// everything that a peer can make it hold. Calls run on virtual threads.
public final class FarmServer implements AutoCloseable {
    private static final int METADATA_BYTES = 16 << 10;

    /// An agent has a stream and a few unary calls; a dashboard's backend some watches.
    private static final int CALLS_PER_CONNECTION = 128;

    /// Streams that one connection may reset within the window.
    private static final int RESETS = 400;

    private static final int RESET_WINDOW_SECONDS = 30;
    private static final int HANDSHAKE_SECONDS = 10;

    /// Clients beat every 20 s; faster than this is a flood.
    private static final int PERMIT_KEEPALIVE_SECONDS = 10;

    private static final int KEEPALIVE_SECONDS = 30;
    private static final int KEEPALIVE_ANSWER_SECONDS = 10;
    private static final int IDLE_MINUTES = 15;

    /// Unary calls need less; streams of agents and watchers never end by themselves.
    private static final int GOODBYE_SECONDS = 1;

    private final Server server;
    private final HealthStatusManager health;
    private final List<EventLoopGroup> loops;
    private final @Nullable Guard guard;
    private final Connections connections;
    private final AtomicBoolean closed = new AtomicBoolean();

    private FarmServer(
            Server server,
            HealthStatusManager health,
            List<EventLoopGroup> loops,
            @Nullable Guard guard,
            Connections connections) {
        this.server = server;
        this.health = health;
        this.loops = loops;
        this.guard = guard;
        this.connections = connections;
    }

    /// With TLS: enrolment and tokens are served beside the given services.
    ///
    /// @throws RookeryException with blame HOST when the address cannot be listened on
    public static FarmServer start(
            InetSocketAddress address, Authority authority, List<BindableService> services) {
        return start(address, authority, services, Connections.Bounds.USUAL);
    }

    static FarmServer start(
            InetSocketAddress address,
            Authority authority,
            List<BindableService> services,
            Connections.Bounds bounds) {
        return start(address, authority, new Guard(authority), services, bounds);
    }

    /// Without TLS, on this machine's own address alone: whoever has an account here may do all.
    ///
    /// @throws RookeryException with blame SPEC when other machines could reach the address, HOST
    ///   when it cannot be listened on
    public static FarmServer plaintext(InetSocketAddress address, List<BindableService> services) {
        if (address.isUnresolved() || !address.getAddress().isLoopbackAddress())
            throw new RookeryException(
                    Blame.SPEC,
                    "listening on "
                            + address
                            + " without TLS was refused: other machines could reach it; listen on 127.0.0.1, or with TLS");
        return start(address, null, null, services, Connections.Bounds.USUAL);
    }

    private static FarmServer start(
            InetSocketAddress address,
            @Nullable Authority authority,
            @Nullable Guard guard,
            List<BindableService> services,
            Connections.Bounds bounds) {
        var health = new HealthStatusManager();
        var connections = new Connections(bounds);
        EventLoopGroup accepts = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        EventLoopGroup works = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());
        var builder =
                NettyServerBuilder.forAddress(address)
                        .channelFactory(connections::socket)
                        .bossEventLoopGroup(accepts)
                        .workerEventLoopGroup(works)
                        .executor(
                                Executors.newThreadPerTaskExecutor(
                                        Thread.ofVirtual().name("rpc-", 0).factory()))
                        .addTransportFilter(new Guard.Reader(connections))
                        .maxInboundMessageSize(Limits.MESSAGE_BYTES)
                        .maxInboundMetadataSize(METADATA_BYTES)
                        .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION)
                        .maxRstFramesPerWindow(RESETS, RESET_WINDOW_SECONDS)
                        .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
                        .permitKeepAliveTime(PERMIT_KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                        .keepAliveTime(KEEPALIVE_SECONDS, TimeUnit.SECONDS)
                        .keepAliveTimeout(KEEPALIVE_ANSWER_SECONDS, TimeUnit.SECONDS)
                        .maxConnectionIdle(IDLE_MINUTES, TimeUnit.MINUTES);
        var all = new ArrayList<>(services);
        all.add(health.getHealthService());
        all.add(ProtoReflectionServiceV1.newInstance());
        if (authority != null) {
            builder.sslContext(Tls.server(authority.serverContext()));
            all.add(new EnrolmentService(authority));
            all.add(new TokensService(authority));
        }
        for (BindableService service : all)
            builder.addService(Malformed.told(guarded(service, guard)));
        List<EventLoopGroup> loops = List.of(accepts, works);
        try {
            return new FarmServer(builder.build().start(), health, loops, guard, connections);
        } catch (IOException e) {
            stop(loops);
            if (guard != null) guard.close();
            throw new RookeryException(
                    Blame.HOST,
                    "the farm cannot listen on "
                            + address
                            + ": "
                            + (e.getCause() == null ? e : e.getCause()).getMessage()
                            + "; is another coordinator running there? Name another address with --listen",
                    e);
        }
    }

    private static ServerServiceDefinition guarded(BindableService service, @Nullable Guard guard) {
        return guard == null
                ? service.bindService()
                : ServerInterceptors.intercept(service.bindService(), guard);
    }

    /// Where it listens.
    public int port() {
        return server.getPort();
    }

    /// Says over the health service whether the farm takes work.
    public void serving(boolean serving) {
        health.setStatus(
                HealthStatusManager.SERVICE_NAME_ALL_SERVICES,
                serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
    }

    /// Connections that were turned away because there were too many strangers.
    public long connectionsRefused() {
        return connections.refused();
    }

    /// Calls of known callers that are open now.
    public int openCalls() {
        return guard == null ? 0 : guard.openCalls();
    }

    /// Takes no more calls, gives those under way a moment, then ends them.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) return;
        health.enterTerminalState();
        if (guard != null) guard.close();
        server.shutdown();
        try {
            if (!server.awaitTermination(GOODBYE_SECONDS, TimeUnit.SECONDS)) {
                server.shutdownNow();
                server.awaitTermination(GOODBYE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException _) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        stop(loops);
    }

    private static void stop(List<EventLoopGroup> loops) {
        for (EventLoopGroup loop : loops) {
            var _ = loop.shutdownGracefully(0, GOODBYE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
