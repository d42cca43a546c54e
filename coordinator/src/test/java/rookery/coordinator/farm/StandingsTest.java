package rookery.coordinator.farm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import rookery.coordinator.Given;
import rookery.model.AgentFacts;
import rookery.model.Doing;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.Order;

class StandingsTest {
    private static final AgentFacts FACTS = Given.facts(4, "amd64", "arm64", "riscv64");
    private static final JobSpec PLAIN =
            Given.spec(java.util.List.of(), Given.required(Given.AMD64));
    private static final Failure FULL = new Failure(Failure.Kind.HOST, "the disk is full");
    private static final Duration QUARANTINE = Patience.NORMAL.quarantine();

    @Test
    void aCordonedAgentKeepsWhatItHasAndGetsNothingNewNotEvenLightSteps() {
        for (Standing standing : new Standing[] {Standing.CORDONED, Standing.DRAINING}) {
            var h = new History(true).report(History.A1, 1, FACTS).submit(PLAIN);
            Order order = h.order(History.A1, "modules").orElseThrow();
            h.rule(History.A1, standing);
            assertThat(h.orders(History.A1)).containsExactly(order);
            h.report(History.A1, 1, FACTS, new Doing.Finished(order.lease(), History.make(order)));
            assertThat(h.state("modules")).isInstanceOf(StepState.Done.class);
            assertThat(h.orders(History.A1)).isEmpty();
            h.rule(History.A1, Standing.OPEN);
            assertThat(h.orders(History.A1)).isNotEmpty();
        }
    }

    @Test
    void anAgentThatSaysThatItLeavesGetsNothingNewAndItsGoingIsNoFault() {
        var h = new History(true).report(History.A1, 1, FACTS).submit(PLAIN);
        h.drain(History.A1, 1, FACTS).submit(new JobId("j2"), PLAIN);
        assertThat(h.orders(History.A1)).extracting(o -> o.job().value()).containsOnly("j1");
        h.feed(new Event.Vanished(h.now, History.A1, 1)).pass(Duration.ofSeconds(2));
        assertThat(h.farm.agents()).isEmpty();
    }

    @Test
    void anAdminsWordOutlivesTheAgentsConnectionAndIsSaved() {
        var h = new History(true).report(History.A1, 1, FACTS);
        Farm.Transition ruled =
                Farm.apply(h.farm, new Event.Ruled(h.now, History.A1, Standing.CORDONED));
        assertThat(ruled.changes().agents().get(History.A1))
                .extracting(Conduct::standing)
                .isEqualTo(Standing.CORDONED);
        h.rule(History.A1, Standing.CORDONED)
                .feed(new Event.Vanished(h.now, History.A1, 1))
                .pass(Duration.ofMinutes(5))
                .report(History.A1, 2, FACTS)
                .submit(PLAIN);
        assertThat(h.orders(History.A1)).isEmpty();
        assertThat(Why.of(h.farm, History.JOB, rookery.model.StepIds.MODULES))
                .isEqualTo("waits because those that can do it take nothing: a1 (cordoned)");
    }

    @Test
    void anAgentThatIsNotThereCanBeRuledUpon() {
        var h = new History(true).rule(History.A1, Standing.CORDONED);
        h.report(History.A1, 7, FACTS).submit(PLAIN);
        assertThat(h.orders(History.A1)).isEmpty();
    }

    @Test
    void anAgentThatKeepsBreakingIsQuarantinedWithAReasonAndTriedAgainOneStepAtATime() {
        History h = flapping();
        Conduct conduct = conduct(h);
        assertThat(conduct.standing()).isEqualTo(Standing.QUARANTINED);
        assertThat(conduct.why()).contains("5 faults within 10 minutes", "the disk is full");
        assertThat(h.orders(History.A1)).isEmpty();
        beat(h, QUARANTINE);
        assertThat(h.orders(History.A1)).as("one step on probation").hasSize(1);
        Order order = h.orders(History.A1).getFirst();
        h.report(History.A1, 1, FACTS, new Doing.Finished(order.lease(), History.make(order)));
        assertThat(conduct(h).standing()).isEqualTo(Standing.OPEN);
        assertThat(h.orders(History.A1)).hasSizeGreaterThan(1);
    }

    @Test
    void anAgentThatBreaksItsProbationWaitsTwiceAsLong() {
        History h = flapping();
        beat(h, QUARANTINE);
        h.breakAll(History.A1, FACTS, FULL);
        assertThat(conduct(h).why()).contains("on probation");
        beat(h, QUARANTINE);
        assertThat(h.orders(History.A1)).isEmpty();
        beat(h, QUARANTINE);
        assertThat(h.orders(History.A1)).hasSize(1);
    }

    @Test
    void anAdminsWordEndsAQuarantineAtOnce() {
        History h = flapping().rule(History.A1, Standing.OPEN);
        assertThat(h.orders(History.A1)).hasSizeGreaterThan(1);
    }

    @Test
    void whatEndsWellMakesUpForAFault() {
        var h = new History(true).report(History.A1, 1, FACTS);
        for (int i = 0; i < 3 * Conduct.FAULTS; i++) {
            h.submit(new JobId("j" + i), other(i));
            h.breakAll(History.A1, FACTS, FULL);
            h.submit(new JobId("k" + i), other(1_000 + i));
            h.workAll(History.A1, 1, FACTS);
        }
        assertThat(conduct(h).standing()).isEqualTo(Standing.OPEN);
    }

    @Test
    void oneThatIsTheOnlyAgentThereWillEverBeIsNeverQuarantined() {
        var h = new History(false).report(History.A1, 1, FACTS);
        for (int i = 0; i < 2 * Conduct.FAULTS; i++) {
            h.submit(new JobId("j" + i), other(i)).breakAll(History.A1, FACTS, FULL);
        }
        assertThat(conduct(h)).isEqualTo(Conduct.GOOD);
    }

    @Test
    void aDeadAgentsStepIsLentAgainWithinTwoSecondsAndASilentOnesWithinFortyFive() {
        var h = new History(true).report(History.A1, 1, FACTS).submit(PLAIN);
        h.report(History.A2, 1, FACTS);
        Duration tick = Duration.ofMillis(500);
        // The worst moment to die is right after a tick.
        h.pass(tick).feed(new Event.Vanished(h.now.plusMillis(1), History.A1, 1));
        h.pass(tick).pass(tick).pass(tick);
        assertThat(h.order(History.A2, "modules")).isPresent();
        h.report(History.A1, 2, FACTS);
        for (int beat = 0; beat < 8; beat++)
            h.pass(Duration.ofSeconds(5)).report(History.A1, 2, FACTS);
        h.pass(Duration.ofSeconds(5));
        assertThat(h.order(History.A1, "modules")).isPresent();
    }

    private static Conduct conduct(History h) {
        return Objects.requireNonNull(h.farm.agents().get(History.A1)).conduct();
    }

    /// An agent with as many faults as it takes, and steps that wait for it.
    private static History flapping() {
        var h = new History(true).report(History.A1, 1, FACTS);
        for (int i = 0; i < Conduct.FAULTS; i++) h.submit(new JobId("j" + i), other(i));
        h.breakAll(History.A1, FACTS, FULL);
        for (int i = 0; i < Conduct.FAULTS; i++) h.submit(new JobId("k" + i), other(100 + i));
        return h;
    }

    /// Time goes by, and the agent is heard now and then.
    private static void beat(History h, Duration time) {
        Duration step = Duration.ofSeconds(20);
        for (long i = 0; i <= time.dividedBy(step); i++) h.pass(step).report(History.A1, 1, FACTS);
    }

    /// A spec whose modules are others, so that jobs do not share them.
    private static JobSpec other(int number) {
        var source =
                new JobSpec.Source(
                        Given.blob("tree " + number),
                        java.util.Optional.of(Given.blob("go.mod " + number)),
                        "1.0",
                        "abc",
                        Given.T0);
        return new JobSpec(
                PLAIN.project(),
                source,
                PLAIN.builds(),
                PLAIN.portage(),
                PLAIN.platforms(),
                PLAIN.toolchain(),
                PLAIN.verify(),
                PLAIN.images(),
                PLAIN.farm());
    }
}
