package rookery.cli;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rookery.cli.farm.FarmClient;
import rookery.cli.farm.FarmStore;
import rookery.model.JobId;
import rookery.model.StepId;
import rookery.v1.AdminGrpc;
import rookery.v1.AgentFacts;
import rookery.v1.AgentView;
import rookery.v1.CancelRequest;
import rookery.v1.CancelResponse;
import rookery.v1.GetJobRequest;
import rookery.v1.JobSummary;
import rookery.v1.JobView;
import rookery.v1.JobsGrpc;
import rookery.v1.LeaseView;
import rookery.v1.ListAgentsRequest;
import rookery.v1.ListAgentsResponse;
import rookery.v1.ListJobsRequest;
import rookery.v1.ListJobsResponse;
import rookery.v1.LogData;
import rookery.v1.ReadLogRequest;
import rookery.v1.RetryRequest;
import rookery.v1.RetryResponse;
import rookery.v1.RuleRequest;
import rookery.v1.RuleResponse;
import rookery.v1.StepView;
import rookery.v1.TokensGrpc;
import rookery.v1.WhyRequest;
import rookery.v1.WhyResponse;

/// A farm elsewhere with one job and one agent, which answers always the same; and refuses all when
/// it is told to.
final class CannedFarm implements FarmClient {
    private static final long T = FakeFarm.START_MS;

    private final Server server;
    private final ManagedChannel channel;
    final List<String> asked = new ArrayList<>();
    volatile Optional<Status> refusal = Optional.empty();

    CannedFarm() throws IOException {
        String name = InProcessServerBuilder.generateName();
        server =
                InProcessServerBuilder.forName(name)
                        .addService(new Jobs())
                        .addService(new Admin())
                        .build()
                        .start();
        channel = InProcessChannelBuilder.forName(name).build();
    }

    void shutDown() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    private <A> void say(StreamObserver<A> to, A answer) {
        if (refusal.isPresent()) {
            to.onError(refusal.get().asRuntimeException());
            return;
        }
        to.onNext(answer);
        to.onCompleted();
    }

    private final class Jobs extends JobsGrpc.JobsImplBase {
        @Override
        public void get(GetJobRequest request, StreamObserver<JobView> answer) {
            say(
                    answer,
                    JobView.newBuilder()
                            .setJob(request.getJob())
                            .setProject("app")
                            .setState("running")
                            .setRequester("alice")
                            .setSubmittedMs(T)
                            .setEtaMs(T + 180_000)
                            .addSteps(step("modules", "modules", "", "done").setRecalled(true))
                            .addSteps(
                                    step(
                                                    "package/x86_64-unknown-linux-musl/sys-libs/zlib-1.3",
                                                    "package",
                                                    "",
                                                    "leased")
                                            .setAgent("a1")
                                            .setStartedMs(T + 5_000)
                                            .setDetail("compile"))
                            .addSteps(
                                    step(
                                                    "go-build/app/linux/amd64",
                                                    "go-build",
                                                    "linux/amd64",
                                                    "waiting")
                                            .setDetail("needs \u001b[31mzlib"))
                            .build());
        }

        private static StepView.Builder step(
                String id, String kind, String platform, String state) {
            return StepView.newBuilder()
                    .setId(id)
                    .setKind(kind)
                    .setPlatform(platform)
                    .setState(state)
                    .setRequired(true);
        }

        @Override
        public void list(ListJobsRequest request, StreamObserver<ListJobsResponse> answer) {
            asked.add("list " + request.getPageToken() + " " + request.getState());
            var page = ListJobsResponse.newBuilder();
            if (request.getPageToken().isEmpty())
                page.addJobs(
                                JobSummary.newBuilder()
                                        .setJob("j2")
                                        .setProject("app")
                                        .setState("running")
                                        .setSubmittedMs(T)
                                        .setEtaMs(T + 180_000)
                                        .setSteps(12)
                                        .setStepsEnded(3)
                                        .setRequester("alice"))
                        .setNextPageToken("j2");
            else
                page.addJobs(
                        JobSummary.newBuilder()
                                .setJob("j1")
                                .setProject("app")
                                .setState("done")
                                .setSubmittedMs(T - 3_600_000)
                                .setEndedMs(T - 60_000)
                                .setSteps(12)
                                .setStepsEnded(12));
            say(answer, page.build());
        }

        @Override
        public void why(WhyRequest request, StreamObserver<WhyResponse> answer) {
            say(
                    answer,
                    WhyResponse.newBuilder()
                            .setSentence("needs zlib")
                            .setEtaMs(T + 180_000)
                            .build());
        }

        @Override
        public void readLog(ReadLogRequest request, StreamObserver<LogData> answer) {
            asked.add("log " + request.getStep() + " " + request.getFollow());
            answer.onNext(
                    LogData.newBuilder()
                            .setData(ByteString.copyFromUtf8("one\ntw\u001b[2Jo\nth"))
                            .build());
            say(
                    answer,
                    LogData.newBuilder()
                            .setOffset(14)
                            .setData(ByteString.copyFromUtf8("ree"))
                            .build());
        }

        @Override
        public void cancel(CancelRequest request, StreamObserver<CancelResponse> answer) {
            asked.add("cancel " + request.getJob());
            say(answer, CancelResponse.getDefaultInstance());
        }

        @Override
        public void retry(RetryRequest request, StreamObserver<RetryResponse> answer) {
            asked.add("retry " + request.getJob());
            say(answer, RetryResponse.getDefaultInstance());
        }
    }

    private final class Admin extends AdminGrpc.AdminImplBase {
        @Override
        public void listAgents(
                ListAgentsRequest request, StreamObserver<ListAgentsResponse> answer) {
            say(
                    answer,
                    ListAgentsResponse.newBuilder()
                            .addAgents(
                                    AgentView.newBuilder()
                                            .setAgent("a1")
                                            .setStanding("cordoned")
                                            .setWhy("an admin said so")
                                            .setConnected(true)
                                            .setSeenMs(T + 58_000)
                                            .setSoftware("0.1.0")
                                            .setProtocolVersion(2)
                                            .setFacts(
                                                    AgentFacts.newBuilder()
                                                            .setBuildArchitecture("amd64")
                                                            .setGoVersion("go1.26.8")
                                                            .putEmulators("arm64", "sha256:0")
                                                            .putEmulators("amd64", "sha256:0")
                                                            .putToolchains("portable", "sha256:0")
                                                            .setCores(8)
                                                            .setMemoryBytes(16L << 30)
                                                            .setSlots(4)
                                                            .addLabels("fast"))
                                            .addLeases(
                                                    LeaseView.newBuilder()
                                                            .setLease(7)
                                                            .setJob("j2")
                                                            .setStep("modules")
                                                            .setPhase("download")))
                            .build());
        }

        @Override
        public void rule(RuleRequest request, StreamObserver<RuleResponse> answer) {
            asked.add("rule " + request.getAgent() + " " + request.getStanding());
            say(answer, RuleResponse.getDefaultInstance());
        }
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
        throw new AssertionError("nothing of this needs blobs");
    }

    @Override
    public Optional<String> log(JobId job, StepId step) {
        return Optional.empty();
    }

    @Override
    public String name() {
        return "https://farm.example:7601";
    }

    @Override
    public boolean isRemote() {
        return true;
    }

    @Override
    public void close() {}
}
