package rookery.coordinator.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.access.Identity;
import rookery.access.Role;
import rookery.model.Limits;
import rookery.v1.AgentsGrpc;
import rookery.v1.GetJobRequest;
import rookery.v1.JobsGrpc;
import rookery.v1.LogChunk;

/// What a hostile peer can make the server hold is bounded, and the others are served on.
class BoundsTest {
    private static final int PATIENCE_MS = 60_000;

    @TempDir Path directory;

    private static String ask(ManagedChannel channel) throws StatusException {
        return JobsGrpc.newBlockingV2Stub(channel)
                .get(GetJobRequest.getDefaultInstance())
                .getProject();
    }

    @Test
    void aMessageThatIsTooLargeIsRefusedAndNothingElse() throws Exception {
        try (var farm = new TestFarm(directory, new StubJobs())) {
            ManagedChannel channel = farm.channel(farm.join(Role.SUBMITTER, "ada"));
            var large = GetJobRequest.newBuilder().setJob("j".repeat(Limits.MESSAGE_BYTES)).build();
            assertThatThrownBy(() -> JobsGrpc.newBlockingV2Stub(channel).get(large))
                    .satisfies(e ->
                            assertThat(Status.fromThrowable(e).getCode())
                                    .isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
            // Small on the wire, large when inflated.
            assertThatThrownBy(() ->
                            JobsGrpc.newBlockingV2Stub(channel).withCompression("gzip").get(large))
                    .satisfies(e ->
                            assertThat(Status.fromThrowable(e).getCode())
                                    .isEqualTo(Status.Code.RESOURCE_EXHAUSTED))
                    .hasMessageContaining("is too large")
                    .hasMessageContaining("send less at once");
            assertThat(ask(channel)).isEqualTo("submitter ada");
        }
    }

    @Test
    void aMessageThatIsNoneIsToldSoAndTheServiceHearsThatItsCallerIsGone() throws Exception {
        var agents = new StubAgents();
        try (var farm = new TestFarm(directory, agents)) {
            ManagedChannel channel = farm.channel(farm.join(Role.AGENT, "a1"));
            var raw =
                    AgentsGrpc.getSyncMethod().toBuilder(Bytes.MARSHALLER, Bytes.MARSHALLER)
                            .build();
            var end = new CompletableFuture<Status>();
            ClientCall<byte[], byte[]> call = channel.newCall(raw, CallOptions.DEFAULT);
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            end.complete(status);
                        }
                    },
                    new Metadata());
            call.sendMessage(new byte[] {(byte) 0xff, (byte) 0xff, 1});
            Status status = end.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
            assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(status.getDescription())
                    .startsWith("a message to rookery.v1.Agents/Sync is malformed")
                    .endsWith("are both sides of one version?");
            agents.awaitGone();
        }
    }

    @Test
    void metadataThatIsTooLargeIsRefusedAndNothingElse() throws Exception {
        try (var farm = new TestFarm(directory, new StubJobs())) {
            ManagedChannel channel = farm.channel(farm.join(Role.SUBMITTER, "ada"));
            var metadata = new Metadata();
            metadata.put(
                    Metadata.Key.of("x-large", Metadata.ASCII_STRING_MARSHALLER),
                    "x".repeat(40_000));
            var large =
                    JobsGrpc.newBlockingV2Stub(channel)
                            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
            assertThatThrownBy(() -> large.get(GetJobRequest.getDefaultInstance()))
                    .isInstanceOf(StatusException.class);
            assertThat(ask(channel)).isEqualTo("submitter ada");
        }
    }

    @Test
    void aFloodOfResetsCostsTheFlooderItsConnection() throws Exception {
        var agents = new StubAgents();
        try (var farm = new TestFarm(directory, agents, new StubJobs())) {
            ManagedChannel good = farm.channel(farm.join(Role.SUBMITTER, "ada"));
            Identity flooder = farm.join(Role.AGENT, "a1");
            ManagedChannel channel = farm.channel(flooder);
            StubAgents.Conversation canary = agents.talk(channel);
            canary.say("a1");
            canary.awaitAnswer();
            var chunk = LogChunk.newBuilder().setAgent("a1").build();
            for (int i = 0; i < 2_000; i++) {
                ClientCall<LogChunk, ?> call =
                        channel.newCall(AgentsGrpc.getAppendLogMethod(), CallOptions.DEFAULT);
                start(call);
                call.sendMessage(chunk);
                call.cancel("flood", null);
            }
            assertThat(canary.end().getCode()).isNotEqualTo(Status.Code.OK);
            assertThat(ask(good)).isEqualTo("submitter ada");
        }
    }

    private static <Q, A> void start(ClientCall<Q, A> call) {
        call.start(new ClientCall.Listener<>() {}, new Metadata());
    }

    @Test
    void onlySoManyHandshakesAreUnderWayAtOnce() throws Exception {
        var bounds = new Connections.Bounds(100, 4, 2);
        try (var farm = new TestFarm(directory, bounds, new StubJobs())) {
            List<Socket> mute = new ArrayList<>();
            for (int i = 0; i < 4; i++) mute.add(dial(farm));
            try (Socket tooMany = dial(farm)) {
                tooMany.setSoTimeout(PATIENCE_MS);
                assertThat(hungUp(tooMany)).isTrue();
            }
            assertThat(farm.server.connectionsRefused()).isPositive();
            for (Socket each : mute) each.close();
        }
    }

    private static boolean hungUp(Socket socket) throws java.io.IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (java.net.SocketException _) {
            return true; // reset
        }
    }

    private static Socket dial(TestFarm farm) throws java.io.IOException {
        return new Socket(InetAddress.getLoopbackAddress(), farm.server.port());
    }

    @Test
    void theOldestOfTooManyAnonymousConnectionsMakesPlace() throws Exception {
        var bounds = new Connections.Bounds(100, 50, 2);
        try (var farm = new TestFarm(directory, bounds, new StubJobs())) {
            CompletableFuture<Status> first = watchHealth(farm.stranger());
            var _ = watchHealth(farm.stranger());
            assertThat(first).isNotDone();
            var _ = watchHealth(farm.stranger());
            assertThat(first.get(PATIENCE_MS, TimeUnit.MILLISECONDS).getCode())
                    .isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(ask(farm.channel(farm.join(Role.VIEWER, "ada")))).isEqualTo("viewer ada");
        }
    }

    /// Watches until the answer is there that says that the connection is up.
    private static CompletableFuture<Status> watchHealth(ManagedChannel channel) throws Exception {
        var up = new CompletableFuture<HealthCheckResponse>();
        var end = new CompletableFuture<Status>();
        HealthGrpc.newStub(channel)
                .watch(
                        HealthCheckRequest.getDefaultInstance(),
                        new StreamObserver<>() {
                            @Override
                            public void onNext(HealthCheckResponse answer) {
                                up.complete(answer);
                            }

                            @Override
                            public void onError(Throwable error) {
                                end.complete(Status.fromThrowable(error));
                            }

                            @Override
                            public void onCompleted() {
                                end.complete(Status.OK);
                            }
                        });
        up.get(PATIENCE_MS, TimeUnit.MILLISECONDS);
        return end;
    }
}
