package rookery.coordinator.farm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import rookery.coordinator.Given;
import rookery.model.AgentFacts;
import rookery.model.Doing;
import rookery.model.Failure;
import rookery.model.JobSpec;
import rookery.model.Limits;
import rookery.model.Order;
import rookery.model.Outcome;

class FarmTest {
    private static final AgentFacts FACTS = Given.facts(4, "amd64", "arm64", "riscv64");
    private static final JobSpec PLAIN = Given.spec(List.of(), Given.required(Given.AMD64));
    private static final JobSpec CURL =
            Given.spec(
                    List.of("net-misc/curl"),
                    Given.required(Given.AMD64),
                    Given.required(Given.ARM64));

    @Test
    void aJobWhoseStepsAllEndWellIsDone() {
        var h = History.withAgent(FACTS).submit(CURL).workAll(History.A1, 1, FACTS);
        assertThat(h.job().status()).isEqualTo(new Job.Status.Done());
        assertThat(h.job().steps().values()).allMatch(r -> r.state() instanceof StepState.Done);
        assertThat(h.farm.busy()).isEmpty();
        assertThat(h.farm.ready().isEmpty()).isTrue();
        assertThat(h.farm.due()).isEmpty();
    }

    @Test
    void aSecondJobOfTheSameSpecIsRecalledWholly() {
        var h = History.withAgent(FACTS).submit(CURL).workAll(History.A1, 1, FACTS);
        h.executed.clear();
        h.submit(new rookery.model.JobId("j2"), CURL);
        Job second = h.farm.job(new rookery.model.JobId("j2"));
        assertThat(second.status()).isEqualTo(new Job.Status.Done());
        assertThat(second.steps().values())
                .allMatch(r -> r.state() instanceof StepState.Done done && done.recalled());
        assertThat(h.executed).isEmpty();
    }

    @Test
    void submittingAgainWithTheSameRequestIdIsTheSameJob() {
        var h = History.withAgent(FACTS).submit(PLAIN);
        h.feed(
                new Event.Submitted(
                        h.now,
                        new rookery.model.JobId("j9"),
                        "request-j1",
                        PLAIN,
                        false,
                        false,
                        false));
        assertThat(h.farm.jobs().keySet()).containsExactly(History.JOB);
    }

    @Test
    void aPackageIsBuiltOnceForAllThatNeedItAndOnlyAfterItsNeeds() {
        var h = History.withAgent(FACTS).submit(CURL);
        assertThat(h.orders(History.A1))
                .extracting(o -> o.step().value())
                .contains("modules")
                .noneMatch(s -> s.startsWith("package/"));
        h.workAll(History.A1, 1, FACTS);
        assertThat(h.job().steps().keySet())
                .filteredOn(s -> s.value().contains("net-misc/curl-8.0"))
                .hasSize(2);
        assertThat(h.job().steps().keySet())
                .filteredOn(s -> s.value().startsWith("fetch/"))
                .hasSize(3);
    }

    @Test
    void aResultUnderAnExpiredLeaseIsIgnored() {
        var h = new History(true).report(History.A1, 1, FACTS).submit(PLAIN);
        Order first = h.order(History.A1, "modules").orElseThrow();
        h.pass(Limits.LEASE.plusSeconds(1));
        assertThat(h.state("modules")).isInstanceOf(StepState.Waiting.class);
        h.report(History.A1, 1, FACTS);
        Order again = h.order(History.A1, "modules").orElseThrow();
        assertThat(again.lease()).isGreaterThan(first.lease());
        h.report(
                History.A1,
                1,
                FACTS,
                new Doing.Finished(first.lease(), Given.made("modules", "late")));
        assertThat(h.state("modules")).isInstanceOf(StepState.Leased.class);
    }

    @Test
    void anAgentThatWasStartedAnewHasLostItsLeases() {
        var h = new History(true).report(History.A1, 1, FACTS).submit(PLAIN);
        Order first = h.order(History.A1, "modules").orElseThrow();
        h.report(History.A1, 2, FACTS);
        assertThat(h.orders(History.A1)).extracting(Order::lease).doesNotContain(first.lease());
    }

    @Test
    void aClosedStreamIsForgivenForASecondOnly() {
        var h = new History(true).report(History.A1, 1, FACTS).submit(PLAIN);
        h.feed(new Event.Vanished(h.now, History.A1, 1)).pass(Duration.ofMillis(999));
        assertThat(h.state("modules")).isInstanceOf(StepState.Leased.class);
        h.pass(Duration.ofMillis(500));
        assertThat(h.state("modules")).isInstanceOf(StepState.Waiting.class);
    }

    @Test
    void aStepThatLosesOneAgentAfterTheOtherIsStopped() {
        var h = new History(true).submit(PLAIN);
        for (int incarnation = 1; incarnation <= Limits.AGENTS_LOST + 1; incarnation++)
            h.report(History.A1, incarnation, FACTS);
        assertThat(h.job().status())
                .isInstanceOfSatisfying(
                        Job.Status.Failed.class,
                        f -> assertThat(f.failure().message()).contains("3 agents were lost"));
    }

    @Test
    void aUsersMistakeIsNeverTriedAgainAndEndsTheJob() {
        var h = History.withAgent(FACTS).submit(PLAIN);
        Order order = h.order(History.A1, "modules").orElseThrow();
        var failure = new Failure(Failure.Kind.BUILD, "go.mod names a module that does not exist");
        h.report(
                History.A1,
                1,
                FACTS,
                new Doing.Finished(order.lease(), new Outcome.Broke(failure)));
        assertThat(h.job().status()).isEqualTo(new Job.Status.Failed(order.step(), failure));
        assertThat(h.state("assemble/registry.example/app"))
                .isInstanceOf(StepState.Cancelled.class);
        assertThat(h.orders(History.A1)).isEmpty();
    }

    @Test
    void whatAHostCannotDoIsTriedOnAnother() {
        var h = new History(true).report(History.A1, 1, FACTS).submit(PLAIN);
        Order order = h.order(History.A1, "modules").orElseThrow();
        h.report(History.A2, 1, FACTS);
        h.report(
                History.A1,
                1,
                FACTS,
                new Doing.Finished(
                        order.lease(),
                        new Outcome.Broke(new Failure(Failure.Kind.HOST, "the disk is full"))));
        assertThat(h.order(History.A1, "modules")).isEmpty();
        assertThat(h.order(History.A2, "modules")).isPresent();
    }

    @Test
    void whereNoOtherAgentWillEverComeAHostsFailureIsFinal() {
        var h = History.withAgent(FACTS).submit(PLAIN);
        Order order = h.order(History.A1, "modules").orElseThrow();
        h.report(
                History.A1,
                1,
                FACTS,
                new Doing.Finished(
                        order.lease(),
                        new Outcome.Broke(new Failure(Failure.Kind.HOST, "the disk is full"))));
        assertThat(h.job().status())
                .isInstanceOfSatisfying(
                        Job.Status.Failed.class,
                        f -> assertThat(f.failure().message()).isEqualTo("the disk is full"));
    }

    @Test
    void anUpstreamThatFailsIsAskedAgainLaterAndNotForEver() {
        var h = History.withAgent(FACTS).submit(PLAIN);
        for (int attempt = 1; attempt <= Retry.UPSTREAM_ATTEMPTS; attempt++) {
            Order order = h.order(History.A1, "modules").orElseThrow();
            h.report(
                    History.A1,
                    1,
                    FACTS,
                    new Doing.Finished(
                            order.lease(),
                            new Outcome.Broke(
                                    new Failure(Failure.Kind.UPSTREAM, "the proxy answered 503"))));
            assertThat(h.order(History.A1, "modules")).isEmpty();
            h.pass(Duration.ofSeconds(20)).report(History.A1, 1, FACTS);
        }
        assertThat(h.job().status()).isInstanceOf(Job.Status.Failed.class);
    }

    @Test
    void aBinaryThatTheGateRefusesIsNeitherRunNorAssembled() {
        var h = History.withAgent(FACTS);
        h.refused.put(
                new rookery.model.StepId("verify/app/linux/amd64"),
                new Failure(Failure.Kind.NOT_STATIC, "it asks for a loader"));
        h.submit(PLAIN).workAll(History.A1, 1, FACTS);
        assertThat(h.state("run/app/linux/amd64")).isInstanceOf(StepState.Cancelled.class);
        assertThat(h.state("assemble/registry.example/app"))
                .isInstanceOf(StepState.Cancelled.class);
        assertThat(h.executed)
                .extracting(Object::toString)
                .containsExactly("verify/app/linux/amd64");
    }

    @Test
    void anOptionalPlatformThatFailsIsLeftOutOfTheImage() {
        var h = History.withAgent(FACTS);
        h.refused.put(
                new rookery.model.StepId("verify/app/linux/riscv64"),
                new Failure(Failure.Kind.NOT_STATIC, "it asks for a loader"));
        h.submit(Given.spec(List.of(), Given.required(Given.AMD64), Given.optional(Given.RISCV64)))
                .workAll(History.A1, 1, FACTS);
        assertThat(h.job().status()).isEqualTo(new Job.Status.Done());
        assertThat(
                        h.job()
                                .inputs(new rookery.model.StepId("assemble/registry.example/app"))
                                .keySet())
                .extracting(Object::toString)
                .containsExactly("run/app/linux/amd64", "verify/app/linux/amd64");
    }

    @Test
    void aPlatformThatNobodyCanRunIsToldAtOnceWhereTheAgentsAreAllThereWillEverBe() {
        AgentFacts noRiscv = Given.facts(4, "amd64");
        var h =
                History.withAgent(noRiscv)
                        .submit(Given.spec(List.of(), Given.required(Given.RISCV64)))
                        .workAll(History.A1, 1, noRiscv);
        assertThat(h.job().status())
                .isInstanceOfSatisfying(
                        Job.Status.Failed.class,
                        f -> {
                            assertThat(f.failure().kind()).isEqualTo(Failure.Kind.NO_AGENT);
                            assertThat(f.failure().message())
                                    .contains("run/app/linux/riscv64")
                                    .contains("qemu-riscv64-static");
                        });
    }

    @Test
    void aCancelledJobTakesItsLeasesBackAndNothingRevivesIt() {
        var h = History.withAgent(FACTS).submit(PLAIN);
        Order order = h.order(History.A1, "modules").orElseThrow();
        h.feed(new Event.CancelAsked(h.now, History.JOB));
        assertThat(h.orders(History.A1)).isEmpty();
        h.report(
                History.A1,
                1,
                FACTS,
                new Doing.Finished(order.lease(), Given.made("modules", "late")));
        assertThat(h.state("modules")).isInstanceOf(StepState.Cancelled.class);
        assertThat(h.job().status()).isEqualTo(new Job.Status.Cancelled());
    }

    @Test
    void twoJobsNeverMakeTheSameThingAtOnce() {
        var h = History.withAgent(FACTS).submit(PLAIN).submit(new rookery.model.JobId("j2"), PLAIN);
        assertThat(h.orders(History.A1))
                .filteredOn(o -> o.step().value().equals("modules"))
                .hasSize(1);
        h.workAll(History.A1, 1, FACTS).pass(Duration.ofSeconds(2));
        h.workAll(History.A1, 1, FACTS).pass(Duration.ofSeconds(2)).workAll(History.A1, 1, FACTS);
        Job second = h.farm.job(new rookery.model.JobId("j2"));
        assertThat(second.status()).isEqualTo(new Job.Status.Done());
        assertThat(second.steps().values())
                .allMatch(r -> r.state() instanceof StepState.Done done && done.recalled());
    }

    @Test
    void anAgentIsNeverAskedForMoreHeavyStepsThanItHasSlotsAndLightOnesGoBeside() {
        AgentFacts one = Given.facts(1, "amd64", "arm64");
        var h = History.withAgent(one).submit(CURL);
        assertThat(h.orders(History.A1))
                .extracting(o -> o.work().kind())
                .containsExactlyInAnyOrder("modules", "resolve");
    }

    @Test
    void aSourceThatFailedForAnOptionalPlatformFailsARequiredOneWithItsOwnReason() {
        AgentFacts one = Given.facts(1, "amd64", "riscv64");
        var spec =
                Given.spec(
                        List.of("net-misc/curl"),
                        Given.optional(Given.RISCV64),
                        Given.required(Given.AMD64));
        var h = History.withAgent(one).submit(spec);
        var hash = new Failure(Failure.Kind.SPEC, "curl.tar.gz has another SHA512");
        for (int i = 0; i < 100 && !h.orders(History.A1).isEmpty(); i++) {
            Order order =
                    h.orders(History.A1).stream()
                            .filter(o ->
                                    !o.step().value().equals("resolve/x86_64-unknown-linux-musl"))
                            .findFirst()
                            .orElse(h.orders(History.A1).getFirst());
            boolean fails = order.step().value().startsWith("fetch/net-misc_curl");
            Outcome outcome = fails ? new Outcome.Broke(hash) : History.make(order);
            h.report(History.A1, 1, one, new Doing.Finished(order.lease(), outcome));
        }
        assertThat(h.job().status())
                .isInstanceOfSatisfying(
                        Job.Status.Failed.class, f -> assertThat(f.failure()).isEqualTo(hash));
        assertThat(h.state("resolve/x86_64-unknown-linux-musl")).isInstanceOf(StepState.Done.class);
    }

    @Test
    void aMachineThatSleptTakesNobodyForLate() {
        var h = new History(true).report(History.A1, 1, FACTS).submit(PLAIN);
        h.now = h.now.plus(Limits.LEASE.multipliedBy(10));
        h.feed(new Event.Ticked(h.now, true)).pass(Duration.ofSeconds(1));
        assertThat(h.state("modules")).isInstanceOf(StepState.Leased.class);
    }

    @Test
    void aResultThatIsNoneIsOurBugAndBuiltUponByNobody() {
        for (Outcome wrong :
                List.of(
                        Given.made("something", "else"),
                        new Outcome.Made(
                                Given.made("modules", "a").blobs(),
                                Given.digest("b"),
                                new java.util.TreeMap<>()))) {
            var h = History.withAgent(FACTS).submit(PLAIN);
            Order order = h.order(History.A1, "modules").orElseThrow();
            h.report(History.A1, 1, FACTS, new Doing.Finished(order.lease(), wrong));
            assertThat(h.job().status())
                    .isInstanceOfSatisfying(
                            Job.Status.Failed.class,
                            f -> assertThat(f.failure().kind()).isEqualTo(Failure.Kind.BUG));
            assertThat(h.known).isEmpty();
        }
    }
}
