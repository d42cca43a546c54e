package rookery.cli.agent;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import rookery.access.Channels;
import rookery.access.Identity;
import rookery.access.Renewal;
import rookery.access.Role;
import rookery.agent.Agent;
import rookery.agent.AgentConfig;
import rookery.agent.artifacts.Blobs;
import rookery.agent.artifacts.RemoteBlobs;
import rookery.cli.farm.Joining;
import rookery.cli.farm.RemoteFarm;
import rookery.model.AgentId;
import rookery.model.Blame;
import rookery.model.RookeryException;
import rookery.oci.registry.RegistryClient;
import rookery.v1.AdminGrpc;
import rookery.v1.WhoAmIRequest;
import rookery.v1.WhoAmIResponse;

/// A running agent with its connections.
public final class AgentProcess implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(AgentProcess.class.getName());
    private static final int ENDING_SECONDS = 5;
    private static final int ANSWER_SECONDS = 20;

    private final Agent agent;
    private final String name;
    private final CompletableFuture<RookeryException> refused;
    private final Deque<AutoCloseable> open;

    /// How it is set up.
    ///
    /// @param join the farm's gRPC address
    /// @param token for the first time
    /// @param name empty: as the token says, or this machine's
    /// @param identity the directory of its identity; empty for the usual one
    /// @param cache where everything lies that may be deleted
    /// @param keptBytes of inputs that are kept for the next step
    public record Settings(
            String join,
            Optional<String> token,
            String name,
            Optional<Path> identity,
            int slots,
            SortedSet<String> labels,
            Path cache,
            long keptBytes,
            Path goRoot,
            Map<String, String> env) {}

    private AgentProcess(
            Agent agent,
            String name,
            CompletableFuture<RookeryException> refused,
            Deque<AutoCloseable> open) {
        this.agent = agent;
        this.name = name;
        this.refused = refused;
        this.open = open;
    }

    /// Joins where that is still to be done, and begins to work.
    ///
    /// @throws RookeryException with blame SPEC when the farm says no, UPSTREAM when it does not
    ///   answer, HOST when this machine cannot run steps
    public static AgentProcess start(Settings settings) {
        return start(settings, Agent::start);
    }

    /// What makes an agent of all that was prepared for it.
    @FunctionalInterface
    public interface Starter {
        Agent start(AgentConfig config, Channel channel, Blobs blobs)
                throws IOException, InterruptedException;
    }

    /// With a start of one's own.
    public static AgentProcess start(Settings settings, Starter starter) {
        Deque<AutoCloseable> open = new ArrayDeque<>();
        boolean isStarted = false;
        try {
            var process = start(settings, starter, open);
            isStarted = true;
            return process;
        } catch (IOException e) {
            throw new RookeryException(
                    Blame.HOST,
                    "the agent could not start: "
                            + e
                            + "; is there space, and may this user write to "
                            + settings.cache()
                            + "?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RookeryException(Blame.HOST, "starting the agent was interrupted", e);
        } finally {
            if (!isStarted) closeAll(open);
        }
    }

    private static AgentProcess start(Settings settings, Starter starter, Deque<AutoCloseable> open)
            throws IOException, InterruptedException {
        InstantSource clock = InstantSource.system();
        URI farm = Channels.address(settings.join());
        boolean isPlain = farm.getScheme().equals("http");
        ManagedChannel channel;
        HttpClient http;
        String name;
        var refused = new CompletableFuture<RookeryException>();
        if (isPlain) {
            channel = Channels.plaintext(farm);
            http = RegistryClient.httpClient();
            name = settings.name().isEmpty() ? Joining.hostname() : settings.name();
        } else {
            Identity identity = identity(settings, clock);
            Renewal.ifDue(identity);
            Renewal renewal = Renewal.start(identity, new Random(), Renewal.Pause.usual(clock));
            open.push(renewal);
            refused = renewal.refused();
            channel = identity.channel(farm);
            http = RegistryClient.httpClient(identity.sslContext());
            name = identity.subject().name();
        }
        open.push(() -> {
            channel.shutdownNow();
            var _ = channel.awaitTermination(ENDING_SECONDS, TimeUnit.SECONDS);
        });
        open.push(http::shutdownNow);
        var blobs =
                RemoteBlobs.open(
                        RemoteFarm.client(http, isPlain),
                        RemoteFarm.repository(farm, whoAmI(channel, farm)),
                        settings.cache().resolve("inputs").resolve(name),
                        settings.keptBytes(),
                        clock);
        var config =
                new AgentConfig(
                        new AgentId(name),
                        clock.millis(),
                        settings.cache(),
                        settings.slots(),
                        settings.labels(),
                        settings.goRoot(),
                        new TreeMap<>(settings.env()));
        Agent agent = starter.start(config, eager(channel), blobs);
        open.push(agent);
        return new AgentProcess(agent, name, refused, open);
    }

    private static Identity identity(Settings settings, InstantSource clock) {
        Identity identity =
                new Joining(settings.env(), clock)
                        .agent(
                                settings.join(),
                                settings.token(),
                                settings.name(),
                                settings.identity());
        if (identity.subject().role() != Role.AGENT)
            throw new RookeryException(
                    Blame.SPEC,
                    "the token was for a "
                            + identity.subject().role().word()
                            + ", not for an agent; ask an admin for one: rookery token create --role agent");
        String name = identity.subject().name();
        if (!settings.name().isEmpty() && !settings.name().equals(name))
            throw new RookeryException(
                    Blame.SPEC,
                    "this agent joined "
                            + identity.farm()
                            + " as "
                            + name
                            + ", not as "
                            + settings.name()
                            + "; leave --name away, or name a directory for another one with --identity");
        return identity;
    }

    /// The link decides when it tries again; a channel that was refused for long would wait longer
    /// than that by itself, up to two minutes, with the coordinator back all the while.
    private static Channel eager(ManagedChannel channel) {
        return ClientInterceptors.intercept(
                channel,
                new ClientInterceptor() {
                    @Override
                    public <Q, A> ClientCall<Q, A> interceptCall(
                            MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
                        if (method.getType() == MethodDescriptor.MethodType.BIDI_STREAMING)
                            channel.resetConnectBackoff();
                        return next.newCall(method, options);
                    }
                });
    }

    /// Where the blobs are. A farm that is starting is waited for as long as gRPC does.
    private static WhoAmIResponse whoAmI(ManagedChannel channel, URI farm) {
        try {
            return AdminGrpc.newBlockingV2Stub(channel)
                    .withWaitForReady()
                    .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                    .whoAmI(WhoAmIRequest.getDefaultInstance());
        } catch (StatusException e) {
            boolean refused =
                    switch (e.getStatus().getCode()) {
                        case UNAUTHENTICATED, PERMISSION_DENIED, FAILED_PRECONDITION -> true;
                        default -> false; // foreign: gRPC's own
                    };
            throw new RookeryException(
                    refused ? Blame.SPEC : Blame.UPSTREAM,
                    "the farm "
                            + farm
                            + (refused ? " refused this agent: " : " did not answer: ")
                            + (e.getStatus().getDescription() == null
                                    ? e.getStatus().getCode()
                                    : e.getStatus().getDescription())
                            + (refused
                                    ? ""
                                    : "; is the coordinator running, and is this its address?"),
                    e);
        }
    }

    public Agent agent() {
        return agent;
    }

    /// What the farm calls it.
    public String name() {
        return name;
    }

    /// Completes when the farm will have this agent no more.
    public CompletableFuture<RookeryException> refused() {
        return refused;
    }

    @Override
    public void close() {
        closeAll(open);
    }

    private static void closeAll(Deque<AutoCloseable> open) {
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
