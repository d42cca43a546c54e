package rookery.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import rookery.coordinator.Given;
import rookery.model.Limits;
import rookery.v1.AgentState;
import rookery.v1.CancelRequest;
import rookery.v1.Doing;
import rookery.v1.GetJobRequest;
import rookery.v1.JobSpec;
import rookery.v1.ListJobsRequest;
import rookery.v1.LogChunk;
import rookery.v1.Outcome;
import rookery.v1.ReadLogRequest;
import rookery.v1.RetryRequest;
import rookery.v1.RuleRequest;
import rookery.v1.SubmitRequest;
import rookery.v1.ValidateRequest;
import rookery.v1.Wanted;
import rookery.v1.WatchRequest;
import rookery.v1.WhyRequest;
import rookery.wire.AgentWire;

/// Whatever cannot be is refused with a sentence that names the remedy, and leaves nothing behind.
class RefusalsTest {
    @TempDir static Path dir;
    private static Served farm;

    @BeforeAll
    static void aFarm() throws Exception {
        farm = new Served(dir);
    }

    @AfterAll
    static void close() {
        farm.close();
    }

    private static Arguments row(
            String what, Consumer<Served> call, Status.Code code, String... words) {
        return arguments(what, call, code, words);
    }

    static Stream<Arguments> calls() {
        JobSpec sound = Served.request("x").getSpec();
        JobSpec.Builder wide = sound.toBuilder();
        for (int i = 0; i <= Limits.SPEC_ITEMS; i++) wide.addPlatforms(sound.getPlatforms(0));
        var tooWide = wide.build();
        return Stream.of(
                row(
                        "a submission without a request id",
                        f -> submit(f, Served.request("")),
                        Status.Code.INVALID_ARGUMENT,
                        "request id",
                        "a UUID will do"),
                row(
                        "a request id that names somebody else's",
                        f -> submit(f, Served.request("alice/r1")),
                        Status.Code.INVALID_ARGUMENT,
                        "'alice/r1'"),
                row(
                        "a spec whose sources were never uploaded",
                        f -> submit(f, sourceless()),
                        Status.Code.FAILED_PRECONDITION,
                        Given.digest("never uploaded").toString(),
                        "upload it"),
                row(
                        "an empty spec",
                        f -> submit(f, SubmitRequest.newBuilder().setRequestId("r")),
                        Status.Code.INVALID_ARGUMENT,
                        "the field '"),
                row(
                        "a spec with too many platforms",
                        f -> submit(f, Served.request("r").setSpec(tooWide)),
                        Status.Code.INVALID_ARGUMENT,
                        "platforms",
                        "64"),
                row(
                        "a toolchain of a newer version",
                        f ->
                                submit(
                                        f,
                                        Served.request("r")
                                                .setSpec(
                                                        sound.toBuilder().setToolchain("llvm-21"))),
                        Status.Code.INVALID_ARGUMENT,
                        "'toolchain'",
                        "'llvm-21'",
                        "same version"),
                row(
                        "a platform that there is not",
                        f ->
                                submit(
                                        f,
                                        Served.request("r")
                                                .setSpec(
                                                        sound.toBuilder()
                                                                .addPlatforms(
                                                                        Wanted.newBuilder()
                                                                                .setPlatform(
                                                                                        "plan9/mips")))),
                        Status.Code.INVALID_ARGUMENT,
                        "plan9/mips"),
                row(
                        "a plan that is to be pushed",
                        f -> submit(f, Served.request("r").setPush(true).setPlanOnly(true)),
                        Status.Code.INVALID_ARGUMENT,
                        "leave out one"),
                row(
                        "a spec that is only looked at",
                        f -> f.jobs().validate(ValidateRequest.getDefaultInstance()),
                        Status.Code.INVALID_ARGUMENT,
                        "the field '"),
                row(
                        "a job that is not there",
                        f -> f.jobs().get(GetJobRequest.newBuilder().setJob("j404").build()),
                        Status.Code.NOT_FOUND,
                        "no job j404",
                        "`rookery list`"),
                row(
                        "a job's name that is none",
                        f -> f.jobs().get(GetJobRequest.newBuilder().setJob("../etc").build()),
                        Status.Code.INVALID_ARGUMENT,
                        "'job'"),
                row(
                        "watching nothing",
                        f ->
                                f.jobs()
                                        .watch(WatchRequest.newBuilder().setJob("j404").build())
                                        .next(),
                        Status.Code.NOT_FOUND,
                        "`rookery list`"),
                row(
                        "cancelling nothing",
                        f -> f.jobs().cancel(CancelRequest.newBuilder().setJob("j404").build()),
                        Status.Code.NOT_FOUND,
                        "no job j404"),
                row(
                        "trying nothing again",
                        f -> f.jobs().retry(RetryRequest.newBuilder().setJob("j404").build()),
                        Status.Code.NOT_FOUND,
                        "no job j404"),
                row(
                        "asking why of nothing",
                        f ->
                                f.jobs()
                                        .why(
                                                WhyRequest.newBuilder()
                                                        .setJob("j404")
                                                        .setStep("s")
                                                        .build()),
                        Status.Code.NOT_FOUND,
                        "no job j404"),
                row(
                        "a log from before its start",
                        f ->
                                f.jobs()
                                        .readLog(
                                                ReadLogRequest.newBuilder()
                                                        .setJob("j1")
                                                        .setStep("s")
                                                        .setOffset(-1)
                                                        .build())
                                        .next(),
                        Status.Code.INVALID_ARGUMENT,
                        "from 0 on"),
                row(
                        "a page that is too long",
                        f -> f.jobs().list(ListJobsRequest.newBuilder().setPageSize(5_000).build()),
                        Status.Code.INVALID_ARGUMENT,
                        "1 to 1000",
                        "token"),
                row(
                        "a state that no job is in",
                        f -> f.jobs().list(ListJobsRequest.newBuilder().setState("asleep").build()),
                        Status.Code.INVALID_ARGUMENT,
                        "'asleep'",
                        "running, done, failed, cancelled"),
                row(
                        "a page's token of another farm",
                        f ->
                                f.jobs()
                                        .list(
                                                ListJobsRequest.newBuilder()
                                                        .setPageToken("j404")
                                                        .build()),
                        Status.Code.NOT_FOUND,
                        "no job j404"),
                row(
                        "a word about an agent that nobody knows",
                        f -> rule(f, "a404", "draining"),
                        Status.Code.NOT_FOUND,
                        "`rookery agents`"),
                row(
                        "a standing that there is not",
                        f -> rule(f, "a1", "sleeping"),
                        Status.Code.INVALID_ARGUMENT,
                        "'sleeping'",
                        "open",
                        "cordoned or draining"),
                row(
                        "a quarantine by a person's word",
                        f -> rule(f, "a1", "quarantined"),
                        Status.Code.INVALID_ARGUMENT,
                        "open"),
                row(
                        "the log of a lease that is over",
                        f ->
                                log(
                                        f,
                                        LogChunk.newBuilder()
                                                .setAgent("a1")
                                                .setLease(7)
                                                .setJob("j1")
                                                .setStep("s")),
                        Status.Code.FAILED_PRECONDITION,
                        "lease l7 of j1/s",
                        "next answer"),
                row(
                        "a lease that never was",
                        f -> log(f, LogChunk.newBuilder().setAgent("a1").setJob("j1").setStep("s")),
                        Status.Code.INVALID_ARGUMENT,
                        "'lease'"),
                row(
                        "a piece of a log that is too large",
                        f ->
                                log(
                                        f,
                                        LogChunk.newBuilder()
                                                .setAgent("a1")
                                                .setLease(7)
                                                .setJob("j1")
                                                .setStep("s")
                                                .setData(
                                                        ByteString.copyFrom(
                                                                new byte
                                                                        [Limits.LOG_CHUNK_BYTES
                                                                                + 1]))),
                        Status.Code.INVALID_ARGUMENT,
                        "smaller ones"));
    }

    private static SubmitRequest.Builder sourceless() {
        SubmitRequest.Builder request = Served.request("s");
        request.getSpecBuilder()
                .getSourceBuilder()
                .getTreeBuilder()
                .setDigest(Given.digest("never uploaded").toString());
        return request;
    }

    private static void submit(Served farm, SubmitRequest.Builder request) {
        var _ = farm.jobs().submit(request.build());
    }

    private static void rule(Served farm, String agent, String standing) {
        var _ =
                farm.admin()
                        .rule(
                                RuleRequest.newBuilder()
                                        .setAgent(agent)
                                        .setStanding(standing)
                                        .build());
    }

    private static void log(Served farm, LogChunk.Builder chunk) {
        var _ = farm.agents().appendLog(chunk.build());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void isRefusedWithARemedyAndLeavesNothing(
            String what, Consumer<Served> call, Status.Code code, String[] words) {
        assertThatThrownBy(() -> call.accept(farm))
                .as(what)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> {
                            assertThat(e.getStatus().getCode()).isEqualTo(code);
                            assertThat(e.getStatus().getDescription()).contains(words);
                        });
        assertThat(farm.jobs().list(ListJobsRequest.getDefaultInstance()).getJobsList()).isEmpty();
        assertThat(farm.coordinator.farm().agents()).isEmpty();
    }

    static Stream<Arguments> reports() {
        AgentState sound =
                AgentState.newBuilder()
                        .setAgent("a1")
                        .setIncarnation(1)
                        .setNumber(1)
                        .setFacts(AgentWire.write(Given.facts(2, "amd64")))
                        .build();
        var many = sound.toBuilder();
        for (int i = 0; i <= Limits.LEASES_PER_AGENT; i++)
            many.addDoing(Doing.newBuilder().setLease(i + 1));
        return Stream.of(
                arguments(
                        "a newer protocol",
                        sound.toBuilder().setProtocolVersion(3).build(),
                        Status.Code.FAILED_PRECONDITION,
                        new String[] {"version 3", "upgrade the coordinator", "git pull"}),
                arguments(
                        "a protocol that never was",
                        sound.toBuilder().setProtocolVersion(-4).build(),
                        Status.Code.FAILED_PRECONDITION,
                        new String[] {"upgrade the agent", "./rookery agent"}),
                arguments(
                        "an agent without a name",
                        sound.toBuilder().setAgent("").build(),
                        Status.Code.INVALID_ARGUMENT,
                        new String[] {"'agent'"}),
                arguments(
                        "a wrong digest",
                        sound.toBuilder()
                                .setFacts(sound.getFacts().toBuilder().setHostTools("md5:1"))
                                .build(),
                        Status.Code.INVALID_ARGUMENT,
                        new String[] {"'digest'"}),
                arguments(
                        "a result of a kind that there is not",
                        sound.toBuilder()
                                .addDoing(
                                        Doing.newBuilder()
                                                .setLease(1)
                                                .setFinished(Outcome.getDefaultInstance()))
                                .build(),
                        Status.Code.INVALID_ARGUMENT,
                        new String[] {"does not know"}),
                arguments(
                        "more leases than an agent may hold",
                        many.build(),
                        Status.Code.INVALID_ARGUMENT,
                        new String[] {"at most 1024"}));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("reports")
    void aReportIsRefusedWithARemedyAndLeavesNoAgent(
            String what, AgentState report, Status.Code code, String[] words) throws Exception {
        var end = new StreamEnd();
        farm.streams().sync(end).onNext(report);
        Status status = end.status();
        assertThat(status.getCode()).as(what).isEqualTo(code);
        assertThat(status.getDescription()).contains(words);
        assertThat(farm.coordinator.farm().agents()).isEmpty();
    }
}
