package rookery.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.coordinator.Given;
import rookery.model.Doing;
import rookery.model.Failure;
import rookery.model.LeaseId;
import rookery.model.Outcome;
import rookery.v1.AgentState;
import rookery.v1.AgentView;
import rookery.v1.CancelRequest;
import rookery.v1.DesiredState;
import rookery.v1.GetJobRequest;
import rookery.v1.JobView;
import rookery.v1.ListAgentsRequest;
import rookery.v1.ListJobsRequest;
import rookery.v1.ListJobsResponse;
import rookery.v1.LogChunk;
import rookery.v1.LogData;
import rookery.v1.Order;
import rookery.v1.ReadLogRequest;
import rookery.v1.RetryRequest;
import rookery.v1.RuleRequest;
import rookery.v1.SubmitResponse;
import rookery.v1.ValidateRequest;
import rookery.v1.WhoAmIRequest;
import rookery.v1.WhyRequest;
import rookery.wire.AgentWire;
import rookery.wire.SpecWire;

/// What clients and agents are told, over the services that they call.
class ServicesTest {
    @TempDir Path dir;

    private static AgentState report(long number) {
        return AgentState.newBuilder()
                .setAgent("a1")
                .setIncarnation(1)
                .setNumber(number)
                .setProtocolVersion(2)
                .setSoftware("0.1.0")
                .setFacts(AgentWire.write(Given.facts(2, "amd64")))
                .build();
    }

    /// The first answer in which something is lent.
    private static Order lent(StreamEnd stream) throws InterruptedException {
        while (true) {
            DesiredState state = stream.next();
            if (state.getOrdersCount() > 0) return state.getOrders(0);
        }
    }

    @Test
    void theSameRequestIdIsTheSameJobAlsoAfterARestart() throws Exception {
        String job;
        try (var farm = new Served(dir)) {
            SubmitResponse first = farm.jobs().submit(Served.request("r1").build());
            assertThat(first.getKnown()).isFalse();
            assertThat(first.getWarningsList()).singleElement().asString().contains("no agent");
            job = first.getJob();
            SubmitResponse again = farm.jobs().submit(Served.request("r1").build());
            assertThat(again.getJob()).isEqualTo(job);
            assertThat(again.getKnown()).isTrue();
        }
        try (var farm = new Served(dir)) {
            assertThat(farm.jobs().submit(Served.request("r1").build()).getJob()).isEqualTo(job);
            assertThat(farm.jobs().submit(Served.request("r2").build()).getJob()).isNotEqualTo(job);
        }
    }

    @Test
    void validatingChecksEverythingAndKeepsNothing() throws Exception {
        try (var farm = new Served(dir)) {
            var request =
                    ValidateRequest.newBuilder().setSpec(Served.request("x").getSpec()).build();
            assertThat(farm.jobs().validate(request).getSteps()).isPositive();
            assertThat(farm.jobs().list(ListJobsRequest.getDefaultInstance()).getJobsCount())
                    .isZero();
        }
    }

    @Test
    void jobsAreListedNewestFirstPageByPageAndByState() throws Exception {
        try (var farm = new Served(dir)) {
            var submitted = new ArrayList<String>();
            for (int i = 0; i < 5; i++)
                submitted.addFirst(farm.jobs().submit(Served.request("r" + i).build()).getJob());
            var _ = farm.jobs().cancel(CancelRequest.newBuilder().setJob(submitted.get(2)).build());
            var listed = new ArrayList<String>();
            String token = "";
            int pages = 0;
            do {
                ListJobsResponse page =
                        farm.jobs()
                                .list(
                                        ListJobsRequest.newBuilder()
                                                .setPageSize(2)
                                                .setPageToken(token)
                                                .build());
                page.getJobsList().forEach(j -> listed.add(j.getJob()));
                token = page.getNextPageToken();
                pages++;
            } while (!token.isEmpty());
            assertThat(listed).containsExactlyInAnyOrderElementsOf(submitted);
            assertThat(pages).isEqualTo(3);
            assertThat(
                            farm.jobs()
                                    .list(
                                            ListJobsRequest.newBuilder()
                                                    .setState("cancelled")
                                                    .build())
                                    .getJobsList())
                    .singleElement()
                    .satisfies(j -> assertThat(j.getJob()).isEqualTo(submitted.get(2)));
        }
    }

    @Test
    void aJobIsShownWithWhatWasAskedForAndWhyItWaits() throws Exception {
        try (var farm = new Served(dir)) {
            String job =
                    farm.jobs().submit(Served.request("r1").setPlanOnly(true).build()).getJob();
            JobView view = farm.jobs().get(GetJobRequest.newBuilder().setJob(job).build());
            assertThat(view.getPlanOnly()).isTrue();
            assertThat(view.getRequester()).isEmpty();
            assertThat(view.getSubmittedMs()).isPositive();
            assertThat(SpecWire.read(view.getSpec()))
                    .isEqualTo(SpecWire.read(Served.request("x").getSpec()));
            String step = view.getSteps(0).getId();
            assertThat(
                            farm.jobs()
                                    .why(WhyRequest.newBuilder().setJob(job).setStep(step).build())
                                    .getSentence())
                    .isNotBlank();
            assertThatThrownBy(() ->
                            farm.jobs()
                                    .why(
                                            WhyRequest.newBuilder()
                                                    .setJob(job)
                                                    .setStep("nothing")
                                                    .build()))
                    .hasMessageContaining("no step nothing in job " + job);
        }
    }

    @Test
    void aLogIsFollowedFromAnOffsetUntilItsStepHasEnded() throws Exception {
        try (var farm = new Served(dir)) {
            var stream = new StreamEnd();
            StreamObserver<AgentState> agent = farm.streams().sync(stream);
            agent.onNext(report(1));
            String job = farm.jobs().submit(Served.request("r1").build()).getJob();
            Order order = lent(stream);
            var chunk =
                    LogChunk.newBuilder()
                            .setAgent("a1")
                            .setLease(order.getLease())
                            .setJob(job)
                            .setStep(order.getStep());
            var _ =
                    farm.agents()
                            .appendLog(chunk.setData(ByteString.copyFromUtf8("one\n")).build());
            Iterator<LogData> log =
                    farm.jobs()
                            .readLog(
                                    ReadLogRequest.newBuilder()
                                            .setJob(job)
                                            .setStep(order.getStep())
                                            .setOffset(1)
                                            .setFollow(true)
                                            .build());
            LogData first = log.next();
            assertThat(first.getOffset()).isEqualTo(1);
            assertThat(first.getData().toStringUtf8()).isEqualTo("ne\n");
            var _ =
                    farm.agents()
                            .appendLog(
                                    chunk.setOffset(4)
                                            .setData(ByteString.copyFromUtf8("two\n"))
                                            .build());
            assertThat(log.next().getData().toStringUtf8()).isEqualTo("two\n");
            var broke =
                    new Doing.Finished(
                            new LeaseId(order.getLease()),
                            new Outcome.Broke(new Failure(Failure.Kind.SPEC, "no such module")));
            agent.onNext(report(2).toBuilder().addDoing(AgentWire.write(broke)).build());
            assertThat(log.hasNext()).isFalse();
            agent.onCompleted();
        }
    }

    @Test
    void aFailedJobGoesOnWhenItIsTriedAgain() throws Exception {
        try (var farm = new Served(dir)) {
            String job = farm.jobs().submit(Served.request("r1").build()).getJob();
            var _ = farm.jobs().cancel(CancelRequest.newBuilder().setJob(job).build());
            assertThat(state(farm, job)).isEqualTo("cancelled");
            var _ = farm.jobs().retry(RetryRequest.newBuilder().setJob(job).build());
            assertThat(state(farm, job)).isEqualTo("running");
            // As after an answer that got lost.
            var _ = farm.jobs().retry(RetryRequest.newBuilder().setJob(job).build());
        }
    }

    private static String state(Served farm, String job) {
        return farm.jobs().get(GetJobRequest.newBuilder().setJob(job).build()).getState();
    }

    @Test
    void anAgentThatIsToDrainIsToldSoAndShownSo() throws Exception {
        try (var farm = new Served(dir)) {
            var stream = new StreamEnd();
            StreamObserver<AgentState> agent = farm.streams().sync(stream);
            agent.onNext(report(1));
            DesiredState first = stream.next();
            assertThat(first.getDrain()).isFalse();
            assertThat(first.getProtocolVersion()).isEqualTo(2);
            var _ =
                    farm.admin()
                            .rule(
                                    RuleRequest.newBuilder()
                                            .setAgent("a1")
                                            .setStanding("draining")
                                            .build());
            DesiredState told = stream.next();
            assertThat(told.getDrain()).isTrue();
            List<AgentView> agents =
                    farm.admin().listAgents(ListAgentsRequest.getDefaultInstance()).getAgentsList();
            assertThat(agents)
                    .singleElement()
                    .satisfies(a -> {
                        assertThat(a.getStanding()).isEqualTo("draining");
                        assertThat(a.getConnected()).isTrue();
                        assertThat(a.getSoftware()).isEqualTo("0.1.0");
                        assertThat(a.getProtocolVersion()).isEqualTo(2);
                    });
            agent.onCompleted();
        }
    }

    @Test
    void theOwnerOfAFarmInOneProcessHasNoName() throws Exception {
        try (var farm = new Served(dir)) {
            var who = farm.admin().whoAmI(WhoAmIRequest.getDefaultInstance());
            assertThat(who.getName()).isEmpty();
            assertThat(who.getRole()).isEqualTo("owner");
        }
    }
}
