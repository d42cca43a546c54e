package rookery.cli.coordinator;

import io.grpc.BindableService;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import rookery.access.Channels;
import rookery.access.JoinToken;
import rookery.cli.embedded.StateLock;
import rookery.coordinator.Coordinator;
import rookery.coordinator.blobs.Access;
import rookery.coordinator.blobs.BlobLimits;
import rookery.coordinator.blobs.BlobServer;
import rookery.coordinator.blobs.Collector;
import rookery.coordinator.blobs.Keep;
import rookery.coordinator.blobs.Upkeep;
import rookery.coordinator.farm.Patience;
import rookery.coordinator.loop.Loop;
import rookery.coordinator.store.Holdings;
import rookery.coordinator.trust.Authority;
import rookery.coordinator.trust.FarmServer;
import rookery.coordinator.web.Config;
import rookery.coordinator.web.LogSource;
import rookery.coordinator.web.WebServer;
import rookery.coordinator.work.RegistryPublishing;
import rookery.model.Blame;
import rookery.model.JobId;
import rookery.model.RookeryException;
import rookery.oci.layout.ImageLayout;
import rookery.oci.registry.CredentialFiles;
import rookery.oci.registry.Policy;
import rookery.oci.registry.RegistryClient;

/// A running coordinator with its listeners.
public final class CoordinatorProcess implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CoordinatorProcess.class.getName());

    /// The blob plane's one repository.
    private static final String REPOSITORY = "rookery/farm";

    /// Enough that a farm of a million jobs has hardly ever drawn one twice.
    private static final int ID_CHARS = 12;

    private static final int ENDING_SECONDS = 10;

    private final Coordinator coordinator;
    private final FarmServer server;
    private final BlobServer blobs;
    private final WebServer web;
    private final Optional<JoinToken> bootstrap;
    private final Deque<AutoCloseable> open;

    /// How it is set up.
    ///
    /// @param state holds everything that must outlive it
    /// @param listen the address of all listeners
    /// @param grpcPort, blobPort 0 takes any that is free
    /// @param isPlain without TLS, on loopback alone: whoever has an account here may do all
    /// @param hosts names and addresses by which the farm is dialled
    /// @param lease how long a lease lives without a word from its agent
    /// @param keep what is collected when
    /// @param env for the credentials of registries
    public record Settings(
            Path state,
            String listen,
            int grpcPort,
            int blobPort,
            Web web,
            boolean isPlain,
            List<String> hosts,
            Duration lease,
            Keep keep,
            Path home,
            Map<String, String> env) {}

    /// How the dashboard listens.
    ///
    /// @param token whoever knows it may look; needed where other machines can connect
    public record Web(String listen, int port, Optional<String> token) {}

    private CoordinatorProcess(
            Coordinator coordinator,
            FarmServer server,
            BlobServer blobs,
            WebServer web,
            Optional<JoinToken> bootstrap,
            Deque<AutoCloseable> open) {
        this.coordinator = coordinator;
        this.server = server;
        this.blobs = blobs;
        this.web = web;
        this.bootstrap = bootstrap;
        this.open = open;
    }

    /// @throws RookeryException with blame HOST when something cannot be had, another coordinator
    ///   runs on the state, or a port is taken
    public static CoordinatorProcess start(Settings settings) {
        return start(settings, Around.NOTHING);
    }

    /// What stands around a coordinator's parts.
    ///
    /// @param saver around the store, `service` around each service, `access` around the blobs'
    ///   rules
    public record Around(
            UnaryOperator<Loop.Saver> saver,
            UnaryOperator<BindableService> service,
            UnaryOperator<Access> access) {
        public static final Around NOTHING =
                new Around(
                        UnaryOperator.identity(),
                        UnaryOperator.identity(),
                        UnaryOperator.identity());
    }

    /// With something around its parts.
    public static CoordinatorProcess start(Settings settings, Around around) {
        Deque<AutoCloseable> open = new ArrayDeque<>();
        boolean isStarted = false;
        try {
            var process = start(settings, around, open);
            isStarted = true;
            return process;
        } catch (IOException e) {
            throw new RookeryException(
                    Blame.HOST,
                    "the coordinator could not start on "
                            + settings.state()
                            + ": "
                            + e
                            + "; is there space, and may this user write there?",
                    e);
        } finally {
            if (!isStarted) closeAll(open);
        }
    }

    private static CoordinatorProcess start(
            Settings settings, Around around, Deque<AutoCloseable> open) throws IOException {
        InstantSource clock = InstantSource.system();
        Path state = Files.createDirectories(settings.state());
        open.push(
                StateLock.tryTake(state)
                        .orElseThrow(() ->
                                new RookeryException(
                                        Blame.HOST,
                                        "another coordinator is running on "
                                                + state
                                                + "; stop it, or name another directory with --state")));
        ImageLayout layout = ImageLayout.create(state.resolve("blobs"));
        HttpClient http = RegistryClient.httpClient();
        open.push(http::shutdownNow);
        var registry =
                new RegistryClient(
                        http,
                        CredentialFiles.of(settings.env(), settings.home()),
                        Policy.STANDARD,
                        rookery.oci.registry.Patience.standard(Thread::sleep, new Random(), clock));
        Coordinator coordinator =
                Coordinator.start(
                        new Coordinator.Config(
                                state,
                                layout,
                                new RegistryPublishing(layout, registry),
                                true,
                                true,
                                clock,
                                CoordinatorProcess::id,
                                new Patience(
                                        settings.lease(),
                                        Patience.NORMAL.gone(),
                                        Patience.NORMAL.quarantine())),
                        around.saver());
        open.push(coordinator);
        Optional<Authority> authority = Optional.empty();
        if (!settings.isPlain()) {
            Authority made =
                    Authority.open(
                            Authority.Config.usual(state.resolve("trust"), settings.hosts()));
            open.push(made);
            authority = Optional.of(made);
        }
        Vertx vertx = Vertx.vertx();
        open.push(() -> vertx.close().await(ENDING_SECONDS, TimeUnit.SECONDS));
        BlobServer blobs =
                BlobServer.start(
                        vertx,
                        new BlobServer.Listen(
                                settings.listen(),
                                settings.blobPort(),
                                REPOSITORY,
                                authority.map(BlobServer.Tls::of)),
                        coordinator.blobs(),
                        around.access()
                                .apply(authority.isPresent() ? coordinator.access() : Access.OPEN),
                        BlobLimits.STANDARD,
                        clock);
        open.push(blobs);
        var book = Holdings.open(state.resolve("farm.db"));
        open.push(book);
        open.push(
                Upkeep.start(
                        new Collector(layout, book, state.resolve("logs"), settings.keep(), clock),
                        coordinator.blobs(),
                        Upkeep.Pace.STANDARD));
        coordinator.announceBlobs(blobs.port(), REPOSITORY);
        var address = new InetSocketAddress(settings.listen(), settings.grpcPort());
        List<BindableService> services =
                coordinator.services().stream().map(around.service()).toList();
        FarmServer server =
                authority.isPresent()
                        ? FarmServer.start(address, authority.get(), services)
                        : FarmServer.plaintext(address, services);
        open.push(server);
        WebServer web = web(settings, vertx, coordinator, authority, clock);
        open.push(web);
        server.serving(true);
        return new CoordinatorProcess(
                coordinator,
                server,
                blobs,
                web,
                authority.flatMap(Authority::bootstrapToken),
                open);
    }

    /// Browsers have no client certificate, so the dashboard has a listener of its own; plain on
    /// loopback, with the farm's certificate elsewhere.
    private static WebServer web(
            Settings settings,
            Vertx vertx,
            Coordinator coordinator,
            Optional<Authority> authority,
            InstantSource clock) {
        boolean local = Channels.isLoopback(settings.web().listen());
        var config =
                new Config(
                        settings.web().listen(),
                        settings.web().port(),
                        local
                                ? Optional.empty()
                                : authority.map(a -> KeyCertOptions.wrap(a.serverKeys())),
                        settings.web().token(),
                        new TreeSet<>(settings.hosts()));
        return new WebServer(
                        vertx,
                        config,
                        coordinator::farm,
                        coordinator.history(),
                        LogSource.files(ref -> coordinator.log(ref.job(), ref.step())),
                        coordinator.meters(),
                        clock)
                .start();
    }

    private static JobId id() {
        return new JobId(
                "j" + UUID.randomUUID().toString().replace("-", "").substring(0, ID_CHARS));
    }

    /// Where it listens.
    public int grpcPort() {
        return server.port();
    }

    public int blobPort() {
        return blobs.port();
    }

    /// What to type into a browser.
    public String webAddress() {
        return web.address();
    }

    /// For the first admin; empty while there is one.
    public Optional<JoinToken> bootstrap() {
        return bootstrap;
    }

    /// Completes when the coordinator had to stop.
    public CompletableFuture<RookeryException> died() {
        return coordinator.died();
    }

    /// Takes no more calls, ends what listens, and leaves everything on disk for the next start.
    @Override
    public void close() {
        closeAll(open);
    }

    private static synchronized void closeAll(Deque<AutoCloseable> open) {
        while (!open.isEmpty()) {
            AutoCloseable next = open.pop();
            try {
                next.close();
            } catch (Exception e) { // the others must be closed whatever this one did
                LOG.log(System.Logger.Level.WARNING, "closing " + next + " failed", e);
            }
        }
    }
}
