package rookery.cli.embedded;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import rookery.agent.Agent;
import rookery.agent.AgentConfig;
import rookery.agent.artifacts.LayoutBlobs;
import rookery.cli.farm.FarmClient;
import rookery.cli.farm.FarmStore;
import rookery.coordinator.Coordinator;
import rookery.coordinator.work.RegistryPublishing;
import rookery.model.AgentId;
import rookery.model.Blame;
import rookery.model.JobId;
import rookery.model.Limits;
import rookery.model.RookeryException;
import rookery.model.StepId;
import rookery.oci.layout.ImageLayout;
import rookery.oci.registry.CredentialFiles;
import rookery.oci.registry.Patience;
import rookery.oci.registry.Policy;
import rookery.oci.registry.RegistryClient;
import rookery.v1.AdminGrpc;
import rookery.v1.JobsGrpc;
import rookery.v1.TokensGrpc;

/// A coordinator and an agent in this process, over the services that they speak across a network.
public final class EmbeddedFarm implements FarmClient {
    private static final System.Logger LOG = System.getLogger(EmbeddedFarm.class.getName());
    private static final AgentId AGENT = new AgentId("local");
    private static final Duration ENDING = Duration.ofSeconds(10);

    /// A job's view has a line for each of its steps.
    private static final int VIEW_BYTES = 64 << 20;

    private final ImageLayout blobs;
    private final Coordinator coordinator;
    private final ManagedChannel channel;

    /// What was started, newest first: closed in this order.
    private final Deque<AutoCloseable> open;

    private EmbeddedFarm(
            ImageLayout blobs,
            Coordinator coordinator,
            ManagedChannel channel,
            Deque<AutoCloseable> open) {
        this.blobs = blobs;
        this.coordinator = coordinator;
        this.channel = channel;
        this.open = open;
    }

    /// Starts both. Where another process has a farm on the same state, waits for its end.
    ///
    /// @param env the process's environment: XDG directories, PATH, what the launcher found
    /// @param talk hears what the user should know meanwhile
    public static FarmClient start(Map<String, String> env, Consumer<String> talk) {
        Deque<AutoCloseable> open = new ArrayDeque<>();
        boolean started = false;
        try {
            Homes homes = Homes.of(env);
            FarmLog.to(homes.state().resolve("log").resolve("farm.log"));
            open.push(StateLock.take(homes.state(), talk));
            ImageLayout blobs = ImageLayout.create(homes.state().resolve("blobs"));
            HttpClient http = RegistryClient.httpClient();
            open.push(http);
            Coordinator coordinator =
                    Coordinator.start(
                            new Coordinator.Config(
                                    homes.state(),
                                    blobs,
                                    new RegistryPublishing(blobs, registry(env, homes, http)),
                                    false,
                                    false,
                                    InstantSource.system(),
                                    () ->
                                            new JobId(
                                                    "j"
                                                            + UUID.randomUUID()
                                                                    .toString()
                                                                    .substring(0, 8))));
            open.push(coordinator);
            String name = "farm-" + UUID.randomUUID();
            var builder =
                    InProcessServerBuilder.forName(name)
                            .maxInboundMessageSize(Limits.MESSAGE_BYTES);
            coordinator.services().forEach(builder::addService);
            Server server = builder.build().start();
            open.push(() ->
                    server.shutdownNow().awaitTermination(ENDING.toSeconds(), TimeUnit.SECONDS));
            ManagedChannel channel =
                    InProcessChannelBuilder.forName(name).maxInboundMessageSize(VIEW_BYTES).build();
            open.push(channel::shutdownNow);
            open.push(Agent.start(agent(env, homes), channel, new LayoutBlobs(blobs)));
            started = true;
            return new EmbeddedFarm(blobs, coordinator, channel, open);
        } catch (IOException e) {
            throw new RookeryException(
                    Blame.HOST,
                    "the farm could not start: "
                            + e
                            + "; is there space, and may this user write to the XDG directories?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RookeryException(Blame.HOST, "starting the farm was interrupted", e);
        } finally {
            if (!started) closeAll(open);
        }
    }

    private static RegistryClient registry(Map<String, String> env, Homes homes, HttpClient http) {
        return new RegistryClient(
                http,
                CredentialFiles.of(env, homes.home()),
                Policy.STANDARD,
                Patience.standard(Thread::sleep, new Random(), InstantSource.system()));
    }

    private static AgentConfig agent(Map<String, String> env, Homes homes) {
        return new AgentConfig(
                AGENT,
                System.currentTimeMillis(),
                homes.cache(),
                Runtime.getRuntime().availableProcessors(),
                new TreeSet<>(),
                homes.goRoot(),
                new TreeMap<>(env));
    }

    @Override
    public JobsGrpc.JobsBlockingV2Stub jobs() {
        return JobsGrpc.newBlockingV2Stub(channel);
    }

    @Override
    public AdminGrpc.AdminBlockingV2Stub admin() {
        return AdminGrpc.newBlockingV2Stub(channel);
    }

    @Override
    public TokensGrpc.TokensBlockingV2Stub tokens() {
        return TokensGrpc.newBlockingV2Stub(channel);
    }

    @Override
    public FarmStore store() {
        return FarmStore.of(blobs);
    }

    @Override
    public Optional<String> log(JobId job, StepId step) {
        return Optional.of(coordinator.log(job, step)).filter(Files::exists).map(Path::toString);
    }

    @Override
    public String name() {
        return "this process";
    }

    @Override
    public boolean isRemote() {
        return false;
    }

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
