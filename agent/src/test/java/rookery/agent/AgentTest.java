package rookery.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.agent.artifacts.Blobs;
import rookery.agent.artifacts.LayoutBlobs;
import rookery.model.AgentId;
import rookery.model.Blame;
import rookery.model.Distfile;
import rookery.model.Doing;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.LeaseId;
import rookery.model.Order;
import rookery.model.Outcome;
import rookery.model.RookeryException;
import rookery.model.StepId;
import rookery.model.Target;
import rookery.model.Work;
import rookery.oci.Blob;
import rookery.oci.Digest;
import rookery.oci.layout.ImageLayout;
import rookery.v1.AgentState;
import rookery.v1.AgentsGrpc;
import rookery.v1.DesiredState;
import rookery.v1.LogChunk;
import rookery.v1.LogEnd;
import rookery.wire.AgentWire;

/// A whole agent against a coordinator of the test's own.
class AgentTest {
    private static final int PATIENCE_SECONDS = 60;

    @TempDir Path directory;
    private final Lending coordinator = new Lending();
    private Server server;
    private ManagedChannel channel;
    private HttpServer upstream;

    /// Answers every report with what is wanted at that moment.
    private static final class Lending extends AgentsGrpc.AgentsImplBase {
        final BlockingQueue<AgentState> heard = new LinkedBlockingQueue<>();
        final ByteArrayOutputStream log = new ByteArrayOutputStream();
        volatile Optional<Order> wanted = Optional.empty();
        private long revision;

        @Override
        public StreamObserver<AgentState> sync(StreamObserver<DesiredState> answers) {
            return new StreamObserver<>() {
                @Override
                public void onNext(AgentState state) {
                    heard.add(state);
                    var answer =
                            DesiredState.newBuilder()
                                    .setNumber(state.getNumber())
                                    .setRevision(++revision);
                    wanted.ifPresent(order -> answer.addOrders(AgentWire.write(order)));
                    answers.onNext(answer.build());
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {
                    answers.onCompleted();
                }
            };
        }

        @Override
        public synchronized void appendLog(LogChunk chunk, StreamObserver<LogEnd> answer) {
            if (chunk.getOffset() == log.size()) log.writeBytes(chunk.getData().toByteArray());
            answer.onNext(LogEnd.newBuilder().setOffset(log.size()).build());
            answer.onCompleted();
        }

        synchronized String logText() {
            return log.toString(StandardCharsets.UTF_8);
        }

        Outcome outcome() throws InterruptedException {
            while (true) {
                AgentState state = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
                assertThat(state).isNotNull();
                for (var doing : state.getDoingList()) {
                    if (AgentWire.read(doing) instanceof Doing.Finished(_, Outcome outcome))
                        return outcome;
                }
            }
        }
    }

    @BeforeEach
    void open() throws Exception {
        String name = InProcessServerBuilder.generateName();
        server = InProcessServerBuilder.forName(name).addService(coordinator).build().start();
        channel = InProcessChannelBuilder.forName(name).build();
        upstream = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        upstream.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(404, -1);
                    exchange.close();
                });
        upstream.start();
        Files.createDirectory(directory.resolve("go"));
        Files.writeString(directory.resolve("go/VERSION"), "go1.26.8\n");
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
        server.shutdownNow();
        upstream.stop(0);
    }

    private AgentConfig config(Path goRoot) {
        SortedMap<String, String> environment = new TreeMap<>();
        environment.put("PATH", "/usr/bin:/bin");
        return new AgentConfig(
                new AgentId("local"),
                1,
                directory.resolve("cache"),
                2,
                new TreeSet<>(List.of("fast")),
                goRoot,
                environment);
    }

    private Order fetch(long lease) {
        String uri = "http://127.0.0.1:" + upstream.getAddress().getPort() + "/gone.tgz";
        var distfile = new Distfile("gone.tgz", 1, "0".repeat(128), "0".repeat(128), List.of(uri));
        return new Order(
                new LeaseId(lease),
                new JobId("j1"),
                new StepId("fetch/gone.tgz"),
                new Digest("b".repeat(64)),
                "local",
                new Work.Fetch(distfile),
                new TreeMap<>());
    }

    @Test
    void anOrderIsDoneAndItsOutcomeAndLogComeBack() throws Exception {
        coordinator.wanted = Optional.of(fetch(1));
        var blobs = new LayoutBlobs(ImageLayout.create(directory.resolve("blobs")));
        try (Agent agent = Agent.start(config(directory.resolve("go")), channel, blobs)) {
            assertThat(agent.facts().labels()).containsExactly("fast");
            assertThat(coordinator.outcome())
                    .isInstanceOfSatisfying(
                            Outcome.Broke.class,
                            broke -> {
                                assertThat(broke.failure().kind()).isEqualTo(Failure.Kind.UPSTREAM);
                                assertThat(broke.failure().message()).contains("status 404");
                            });
            // The log was there before the result was said.
            assertThat(coordinator.logText())
                    .contains("fetch gone.tgz from")
                    .contains("status 404");
        }
        assertThat(directory.resolve("cache/work")).isEmptyDirectory();
    }

    @Test
    void anErrorInAStepIsItsOutcomeToo() throws Exception {
        var target = Target.ofChost("x86_64-unknown-linux-musl").orElseThrow();
        var wanted = new JobSpec.Wanted(target, target.level("v1").orElseThrow(), true);
        SortedMap<String, Blob> blobs = new TreeMap<>();
        blobs.put("binary", Blob.of(new byte[] {1}));
        SortedMap<StepId, Outcome.Made> inputs = new TreeMap<>();
        inputs.put(
                new StepId("verify/app/linux/amd64"),
                new Outcome.Made(blobs, new Digest("a".repeat(64)), new TreeMap<>()));
        coordinator.wanted =
                Optional.of(
                        new Order(
                                new LeaseId(1),
                                new JobId("j1"),
                                new StepId("run/app/linux/amd64"),
                                new Digest("b".repeat(64)),
                                "local",
                                new Work.Run(wanted, "app", List.of()),
                                inputs));
        try (Agent _ = Agent.start(config(directory.resolve("go")), channel, new Broken())) {
            assertThat(coordinator.outcome())
                    .isInstanceOfSatisfying(
                            Outcome.Broke.class,
                            broke -> {
                                assertThat(broke.failure().kind()).isEqualTo(Failure.Kind.BUG);
                                assertThat(broke.failure().message()).contains("no class");
                            });
        }
    }

    private static final class Broken implements Blobs {
        @Override
        public Path fetch(Blob blob) {
            throw new NoClassDefFoundError("no class");
        }

        @Override
        public Blob store(Path file) {
            throw new NoClassDefFoundError("no class");
        }

        @Override
        public Blob store(byte[] bytes) {
            throw new NoClassDefFoundError("no class");
        }
    }

    @Test
    void anAgentThatCannotStartSaysWhyAndLeavesNoLock() throws Exception {
        var blobs = new LayoutBlobs(ImageLayout.create(directory.resolve("blobs")));
        AgentConfig bad = config(directory.resolve("nowhere"));
        for (int i = 0; i < 2; i++)
            assertThatThrownBy(() -> Agent.start(bad, channel, blobs))
                    .isInstanceOfSatisfying(
                            RookeryException.class,
                            e -> assertThat(e.blame()).isEqualTo(Blame.HOST))
                    .hasMessageContaining("no Go was found");
    }
}
