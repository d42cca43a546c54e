package rookery.coordinator.blobs;

import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import rookery.coordinator.trust.Authority;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// The listener of the blob plane: the blob part of the OCI distribution API for one repository.
public final class BlobServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(BlobServer.class.getName());
    private static final int HEADER_BYTES = 8 << 10;
    private static final int LINE_BYTES = 2 << 10;
    private static final int PIECE_BYTES = 64 << 10;
    private static final int HANDSHAKE_SECONDS = 10;
    private static final Duration SWEEP = Duration.ofMinutes(1);
    private static final Duration ENDING = Duration.ofSeconds(10);

    private final Vertx vertx;
    private final HttpServer server;
    private final Uploads uploads;
    private final ExecutorService threads;
    private final long sweeper;

    /// Where and to whom.
    ///
    /// @param port 0 takes any that is free
    /// @param name the repository's, as `rookery/farm`
    /// @param tls none is for loopback addresses alone
    public record Listen(String host, int port, String name, Optional<Tls> tls) {}

    /// The server's certificate, and whom it lets in: every visitor must show a certificate. Both
    /// managers are asked at each handshake, so they may change what they say.
    ///
    /// @param visitor reads who it is, for each request; throws a [RookeryException] that says why
    ///   a certificate no longer counts
    public record Tls(
            X509KeyManager key,
            X509TrustManager trust,
            Function<X509Certificate, Visitor> visitor) {

        /// The farm's own authority.
        public static Tls of(Authority authority) {
            return new Tls(
                    authority.serverKeys(),
                    authority.clientTrust(),
                    c -> Visitor.of(authority.admit(c)));
        }
    }

    private BlobServer(
            Vertx vertx,
            HttpServer server,
            Uploads uploads,
            ExecutorService threads,
            long sweeper) {
        this.vertx = vertx;
        this.server = server;
        this.uploads = uploads;
        this.threads = threads;
        this.sweeper = sweeper;
    }

    /// Starts listening.
    ///
    /// @throws RookeryException with blame HOST when the address cannot be had, SPEC when it is not
    ///   loopback and there is no TLS
    public static BlobServer start(
            Vertx vertx,
            Listen listen,
            BlobStore store,
            Access access,
            BlobLimits limits,
            InstantSource clock)
            throws IOException {
        if (listen.tls().isEmpty() && !InetAddress.getByName(listen.host()).isLoopbackAddress())
            throw new RookeryException(
                    Blame.SPEC,
                    "the blob plane was to listen on "
                            + listen.host()
                            + " without TLS; only loopback addresses do without");
        var uploads = new Uploads(store.layout(), limits, clock);
        uploads.sweep();
        var shop = new Exchange.Shop(store, uploads, access, limits, clock, listen.name());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        HttpServer server = vertx.createHttpServer(options(listen, limits));
        var connections = new AtomicInteger();
        var requests = new AtomicInteger();
        server.connectionHandler(c -> count(c, connections, limits.connections()));
        server.requestHandler(r -> accept(vertx, r, shop, listen, requests, threads));
        server.exceptionHandler(e -> LOG.log(System.Logger.Level.DEBUG, "a connection failed", e));
        long sweeper =
                vertx.setPeriodic(SWEEP.toMillis(), _ -> threads.execute(() -> sweep(uploads)));
        try {
            Body.await(server.listen(), ENDING);
        } catch (IOException e) {
            vertx.cancelTimer(sweeper);
            throw new RookeryException(
                    Blame.HOST,
                    "the blob plane cannot listen on "
                            + listen.host()
                            + ":"
                            + listen.port()
                            + ": "
                            + e.getMessage()
                            + "; is another coordinator running, or the port taken?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RookeryException(Blame.HOST, "starting the blob plane was interrupted", e);
        }
        return new BlobServer(vertx, server, uploads, threads, sweeper);
    }

    private static HttpServerOptions options(Listen listen, BlobLimits limits) {
        var options =
                new HttpServerOptions()
                        .setHost(listen.host())
                        .setPort(listen.port())
                        .setAlpnVersions(List.of(HttpVersion.HTTP_1_1))
                        .setHttp2ClearTextEnabled(false)
                        .setIdleTimeout((int) limits.idle().toMillis())
                        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                        .setMaxHeaderSize(HEADER_BYTES)
                        .setMaxInitialLineLength(LINE_BYTES)
                        .setMaxChunkSize(PIECE_BYTES);
        listen.tls()
                .ifPresent(tls ->
                        options.setSsl(true)
                                .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
                                .setSslHandshakeTimeout(HANDSHAKE_SECONDS)
                                .setSslHandshakeTimeoutUnit(TimeUnit.SECONDS)
                                .setClientAuth(ClientAuth.REQUIRED)
                                .setKeyCertOptions(KeyCertOptions.wrap(tls.key()))
                                .setTrustOptions(TrustOptions.wrap(tls.trust())));
        return options;
    }

    private static void count(HttpConnection connection, AtomicInteger open, int most) {
        connection.closeHandler(_ -> open.decrementAndGet());
        if (open.incrementAndGet() > most) {
            LOG.log(System.Logger.Level.WARNING, "more than {0} connections; one is closed", most);
            var _ = connection.close();
        }
    }

    /// On the event loop.
    private static void accept(
            Vertx vertx,
            HttpServerRequest request,
            Exchange.Shop shop,
            Listen listen,
            AtomicInteger requests,
            ExecutorService threads) {
        var body = new Body(request, vertx.getOrCreateContext(), shop.limits().idle());
        if (requests.incrementAndGet() > shop.limits().requests()) {
            requests.decrementAndGet();
            var _ =
                    request.response()
                            .setStatusCode(429)
                            .putHeader("Retry-After", "2")
                            .putHeader("Connection", "close")
                            .end()
                            .onComplete(_ -> request.connection().close());
            return;
        }
        threads.execute(() -> {
            try {
                new Exchange(shop, () -> visitor(listen, request), request, body).run();
            } catch (IOException gone) {
                LOG.log(System.Logger.Level.DEBUG, "a visitor went away", gone);
                request.connection().close();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                request.connection().close();
            } catch (RuntimeException bug) {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "serving " + request.path() + " ended with",
                        bug);
                request.connection().close();
            } finally {
                requests.decrementAndGet();
            }
        });
    }

    private static Visitor visitor(Listen listen, HttpServerRequest request)
            throws SSLPeerUnverifiedException {
        if (listen.tls().isEmpty()) return Visitor.OWNER;
        Certificate shown = request.connection().peerCertificates().getFirst();
        if (shown instanceof X509Certificate certificate)
            return listen.tls().get().visitor().apply(certificate);
        throw new SSLPeerUnverifiedException("a certificate that is not X.509");
    }

    private static void sweep(Uploads uploads) {
        try {
            uploads.sweep();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "old uploads could not be swept", e);
        }
    }

    public int port() {
        return server.actualPort();
    }

    /// Takes nothing new, ends what runs, and leaves unfinished uploads for the next start.
    @Override
    public void close() {
        vertx.cancelTimer(sweeper);
        try {
            Body.await(server.close(), ENDING);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "the blob plane did not close well", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        threads.shutdownNow();
        threads.close();
        uploads.close();
    }
}
