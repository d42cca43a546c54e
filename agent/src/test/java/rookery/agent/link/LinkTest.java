package rookery.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.agent.session.Report;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.Distfile;
import rookery.model.JobId;
import rookery.model.LeaseId;
import rookery.model.Order;
import rookery.model.StepId;
import rookery.model.Work;
import rookery.oci.Digest;
import rookery.v1.AgentState;
import rookery.v1.AgentsGrpc;
import rookery.v1.DesiredState;
import rookery.v1.LogChunk;
import rookery.v1.LogEnd;
import rookery.wire.AgentWire;

/// Against a coordinator of the test's own, in this process.
class LinkTest {
    private static final int PATIENCE_SECONDS = 60;

    @TempDir Path directory;
    private final Coordinator coordinator = new Coordinator();
    private Server server;
    private ManagedChannel channel;
    private ScheduledExecutorService timer;

    private static final class Coordinator extends AgentsGrpc.AgentsImplBase {
        final BlockingQueue<AgentState> heard = new LinkedBlockingQueue<>();
        final BlockingQueue<StreamObserver<DesiredState>> streams = new LinkedBlockingQueue<>();
        final ByteArrayOutputStream log = new ByteArrayOutputStream();
        int refusals;
        boolean forgetsOnce;

        @Override
        public StreamObserver<AgentState> sync(StreamObserver<DesiredState> answers) {
            streams.add(answers);
            return new StreamObserver<>() {
                @Override
                public void onNext(AgentState state) {
                    heard.add(state);
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
            if (refusals > 0) {
                refusals--;
                answer.onError(Status.UNAVAILABLE.asRuntimeException());
                return;
            }
            if (forgetsOnce && log.size() > 0) {
                // As after a crash: the end of the log was not on the disk yet.
                forgetsOnce = false;
                log.reset();
            }
            if (chunk.getOffset() == log.size()) log.writeBytes(chunk.getData().toByteArray());
            answer.onNext(LogEnd.newBuilder().setOffset(log.size()).build());
            answer.onCompleted();
        }

        synchronized String logText() {
            return log.toString(StandardCharsets.UTF_8);
        }
    }

    private record Heard(String what, long revision, List<Order> orders) {}

    private static final class Listening implements SyncLink.Listener {
        final BlockingQueue<Heard> all = new LinkedBlockingQueue<>();

        @Override
        public void connected() {
            all.add(new Heard("connected", 0, List.of()));
        }

        @Override
        public void disconnected() {
            all.add(new Heard("disconnected", 0, List.of()));
        }

        @Override
        public void desired(long revision, long number, List<Order> orders, boolean drain) {
            all.add(new Heard("desired", revision, orders));
        }

        Heard next() throws InterruptedException {
            Heard heard = all.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(heard).isNotNull();
            return heard;
        }
    }

    @BeforeEach
    void open() throws Exception {
        String name = InProcessServerBuilder.generateName();
        server = InProcessServerBuilder.forName(name).addService(coordinator).build().start();
        channel = InProcessChannelBuilder.forName(name).build();
        timer = Executors.newSingleThreadScheduledExecutor();
    }

    @AfterEach
    void close() {
        timer.shutdownNow();
        channel.shutdownNow();
        server.shutdownNow();
    }

    private static AgentFacts facts() {
        return new AgentFacts(
                "amd64",
                new Digest("2".repeat(64)),
                "go1.26.8",
                new TreeMap<>(),
                new TreeMap<>(),
                4,
                1L << 30,
                2,
                new TreeSet<>());
    }

    private static Order order(long lease) {
        var distfile = new Distfile("f.tar", 1, "0".repeat(128), "0".repeat(128), List.of());
        return new Order(
                new LeaseId(lease),
                new JobId("j1"),
                new StepId("fetch/f.tar"),
                new Digest("b".repeat(64)),
                "local",
                new Work.Fetch(distfile),
                new TreeMap<>());
    }

    private SyncLink link(Listening listening) {
        var link =
                new SyncLink(
                        channel, new AgentId("a1"), 7, facts(), listening, timer, new Random(1));
        link.start();
        return link;
    }

    private AgentState heard() throws InterruptedException {
        AgentState state = coordinator.heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(state).isNotNull();
        return state;
    }

    @Test
    void reportsGoUpAndAnswersComeDown() throws Exception {
        var listening = new Listening();
        try (SyncLink link = link(listening)) {
            assertThat(listening.next().what()).isEqualTo("connected");
            link.send(new Report(1, List.of(), false));
            AgentState state = heard();
            assertThat(state.getAgent()).isEqualTo("a1");
            assertThat(state.getIncarnation()).isEqualTo(7);
            assertThat(AgentWire.read(state.getFacts())).isEqualTo(facts());
            coordinator
                    .streams
                    .take()
                    .onNext(
                            DesiredState.newBuilder()
                                    .setNumber(1)
                                    .setRevision(3)
                                    .addOrders(AgentWire.write(order(9)))
                                    .build());
            Heard desired = listening.next();
            assertThat(desired.revision()).isEqualTo(3);
            assertThat(desired.orders()).containsExactly(order(9));
        }
    }

    @Test
    void aLostStreamIsReplacedAndNothingOfTheOldOneIsHeard() throws Exception {
        var listening = new Listening();
        try (SyncLink link = link(listening)) {
            assertThat(listening.next().what()).isEqualTo("connected");
            coordinator.streams.take().onError(Status.UNAVAILABLE.asRuntimeException());
            assertThat(listening.next().what()).isEqualTo("disconnected");
            assertThat(listening.next().what()).isEqualTo("connected");
            link.send(new Report(5, List.of(), false));
            assertThat(heard().getNumber()).isEqualTo(5);
        }
    }

    @Test
    void anAnswerThatCannotBeReadEndsTheStreamAsAWhole() throws Exception {
        var listening = new Listening();
        try (SyncLink _ = link(listening)) {
            assertThat(listening.next().what()).isEqualTo("connected");
            coordinator
                    .streams
                    .take()
                    .onNext(
                            DesiredState.newBuilder()
                                    .addOrders(AgentWire.write(order(1)))
                                    .addOrders(rookery.v1.Order.newBuilder().setLease(-1))
                                    .build());
            assertThat(listening.next().what()).isEqualTo("disconnected");
        }
    }

    @Test
    void whatIsSaidAfterTheLinkWasClosedIsDropped() throws Exception {
        var listening = new Listening();
        SyncLink link = link(listening);
        assertThat(listening.next().what()).isEqualTo("connected");
        link.send(new Report(1, List.of(), false));
        assertThat(heard().getNumber()).isEqualTo(1);
        link.close();
        link.send(new Report(2, List.of(), false));
        assertThat(listening.next().what()).isEqualTo("disconnected");
        assertThat(coordinator.heard).isEmpty();
    }

    @Test
    void aLogArrivesWholeThroughRefusalsAndAForgetfulCoordinator() throws Exception {
        coordinator.refusals = 2;
        coordinator.forgetsOnce = true;
        LogShipper shipper =
                LogShipper.start(
                        channel, new AgentId("a1"), order(3), directory, new Random(1), _ -> {});
        var all = new StringBuilder();
        for (int i = 0; i < 40_000; i++) {
            String line = "line " + i;
            shipper.note(line);
            all.append(line).append('\n');
        }
        shipper.finish();
        assertThat(shipper.awaitSent(Duration.ofSeconds(PATIENCE_SECONDS))).isTrue();
        assertThat(coordinator.logText()).isEqualTo(all.toString());
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void waitingDoublesUpToItsBoundAndBeginsAnewAfterASuccess() {
        var backoff = new Backoff(new Random(1));
        Duration first = backoff.next();
        assertThat(first).isBetween(Backoff.FIRST.dividedBy(2), Backoff.FIRST);
        Duration last = first;
        for (int i = 0; i < 20; i++) last = backoff.next();
        assertThat(last).isBetween(Backoff.LAST.dividedBy(2), Backoff.LAST);
        backoff.succeeded();
        assertThat(backoff.next()).isLessThanOrEqualTo(Backoff.FIRST);
    }
}
