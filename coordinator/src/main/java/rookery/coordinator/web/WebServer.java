package rookery.coordinator.web;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import rookery.coordinator.farm.Farm;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// The dashboard's listener.
public final class WebServer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(WebServer.class.getName());

    /// Connections at once; further ones are closed as they come.
    private static final int CONNECTIONS = 512;

    private static final int HEADER_BYTES = 8 << 10;
    private static final int LINE_BYTES = 2 << 10;
    private static final int FORM_BYTES = 1 << 10;
    private static final int IDLE_SECONDS = 60;
    private static final int START_SECONDS = 30;

    private final Vertx vertx;
    private final Config config;
    private final Live live;
    private final Handler handler;
    private final HttpServer server;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("dashboard-", 0).factory());
    private final AtomicBoolean inRound = new AtomicBoolean();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile long restUntil = System.nanoTime();
    private long timer;

    /// @param farm the newest snapshot; called from any thread
    public WebServer(
            Vertx vertx,
            Config config,
            Supplier<Farm> farm,
            History history,
            LogSource logs,
            Meters meters,
            InstantSource clock) {
        this.vertx = vertx;
        this.config = config;
        var site = new Site(farm, history, logs);
        var assets = new Assets();
        var templates = new Templates(assets);
        this.live = new Live(site, templates, clock);
        meters.gauge(
                "rookery_dashboard_streams", "Browsers that watch the dashboard live.", live::size);
        this.handler =
                new Handler(
                        new Gate(config),
                        site,
                        assets,
                        templates,
                        live,
                        meters,
                        clock,
                        threads,
                        config.certificate().isPresent());
        this.server = vertx.createHttpServer(options(config));
    }

    private static HttpServerOptions options(Config config) {
        var options =
                new HttpServerOptions()
                        .setHost(config.host())
                        .setPort(config.port())
                        .setMaxHeaderSize(HEADER_BYTES)
                        .setMaxInitialLineLength(LINE_BYTES)
                        .setMaxFormAttributeSize(FORM_BYTES)
                        .setMaxFormFields(4)
                        .setMaxFormBufferedBytes(FORM_BYTES)
                        .setHttp2ClearTextEnabled(false)
                        .setCompressionSupported(false)
                        .setIdleTimeout(IDLE_SECONDS);
        config.certificate()
                .ifPresent(key -> options.setSsl(true).setUseAlpn(true).setKeyCertOptions(key));
        return options;
    }

    /// Listens, and returns once it does.
    ///
    /// @return this
    /// @throws RookeryException with blame HOST when the address cannot be had
    public WebServer start() {
        server.requestHandler(handler::handle);
        server.invalidRequestHandler(handler::handleInvalid);
        server.connectionHandler(connection -> {
            connection.closeHandler(_ -> connections.decrementAndGet());
            if (connections.incrementAndGet() > CONNECTIONS) connection.close();
        });
        try {
            server.listen().await(START_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) { // await rethrows what the future failed with, whatever its type
            throw cannotListen(e);
        }
        timer = vertx.setPeriodic(Live.PERIOD.toMillis(), _ -> beat());
        LOG.log(System.Logger.Level.INFO, "dashboard address={0}", address());
        return this;
    }

    private RookeryException cannotListen(Exception e) {
        return new RookeryException(
                Blame.HOST,
                "the dashboard cannot listen on "
                        + config.host()
                        + ":"
                        + config.port()
                        + ": "
                        + e.getMessage()
                        + "; is another coordinator running, or is the address another machine's?",
                e);
    }

    public int port() {
        return server.actualPort();
    }

    /// What to type into a browser.
    public String address() {
        String host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
        return (config.certificate().isPresent() ? "https://" : "http://") + host + ":" + port();
    }

    private void beat() {
        if (live.size() == 0 || System.nanoTime() - restUntil < 0) return;
        if (!inRound.compareAndSet(false, true)) return;
        threads.execute(() -> {
            long from = System.nanoTime();
            try {
                live.round();
            } finally {
                long now = System.nanoTime();
                restUntil = now + (now - from) * Live.REST;
                inRound.set(false);
            }
        });
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        live.close();
        var _ = server.close();
        threads.shutdownNow();
    }
}
