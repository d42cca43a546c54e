package rookery.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import rookery.model.Distfile;
import rookery.model.Doing;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.LeaseId;
import rookery.model.Limits;
import rookery.model.Order;
import rookery.model.Outcome;
import rookery.model.StepId;
import rookery.model.Work;
import rookery.oci.Digest;

class SessionTest {
    static final Outcome DONE =
            new Outcome.Made(new TreeMap<>(), new Digest("a".repeat(64)), new TreeMap<>());

    static Order order(long lease) {
        var distfile =
                new Distfile("f" + lease + ".tar", 1, "0".repeat(128), "0".repeat(128), List.of());
        return new Order(
                new LeaseId(lease),
                new JobId("j1"),
                new StepId("fetch/" + lease),
                new Digest("b".repeat(64)),
                "local",
                new Work.Fetch(distfile),
                new TreeMap<>());
    }

    /// A session and everything it asked for so far.
    static final class Talk {
        Session session = Session.fresh();
        final List<Effect> effects = new ArrayList<>();
        private long revision;

        Talk on(Event event) {
            effects.clear();
            Session.Next next = session.on(event);
            session = next.session();
            effects.addAll(next.effects());
            return this;
        }

        Talk wants(long... leases) {
            return on(
                    new Event.Desired(
                            ++revision,
                            session.number(),
                            Arrays.stream(leases).mapToObj(SessionTest::order).toList()));
        }

        List<Long> started() {
            return effects.stream()
                    .filter(Effect.Start.class::isInstance)
                    .map(e -> ((Effect.Start) e).order().lease().number())
                    .toList();
        }

        List<Long> killed() {
            return effects.stream()
                    .filter(Effect.Kill.class::isInstance)
                    .map(e -> ((Effect.Kill) e).lease().number())
                    .toList();
        }

        Optional<Report> said() {
            return effects.stream()
                    .filter(Effect.Send.class::isInstance)
                    .map(e -> ((Effect.Send) e).report())
                    .findFirst();
        }
    }

    static Talk connected() {
        return new Talk().on(new Event.Connected());
    }

    static LeaseId lease(long number) {
        return new LeaseId(number);
    }

    @Test
    void theFirstWordOnAStreamIsAReportOfNothing() {
        assertThat(connected().said()).contains(new Report(1, List.of(), false));
    }

    @Test
    void aNewOrderIsStartedAndReportedAtOnce() {
        Talk talk = connected().wants(7);
        assertThat(talk.started()).containsExactly(7L);
        assertThat(talk.said().orElseThrow().doing())
                .containsExactly(new Doing.Running(lease(7), "starting"));
    }

    @Test
    void theSameAnswerTwiceStartsNothingTwice() {
        assertThat(connected().wants(7).wants(7).started()).isEmpty();
    }

    @Test
    void reportsCarryRisingNumbersOverReconnects() {
        Talk talk = connected().on(new Event.Tick());
        assertThat(talk.said().orElseThrow().number()).isEqualTo(2);
        talk.on(new Event.Disconnected()).on(new Event.Connected());
        assertThat(talk.said().orElseThrow().number()).isEqualTo(3);
    }

    @Test
    void nothingIsSaidWhileThereIsNoStream() {
        Talk talk = connected().wants(1).on(new Event.Disconnected());
        talk.on(new Event.StepDone(lease(1), DONE));
        assertThat(talk.effects).isEmpty();
        talk.on(new Event.Connected());
        assertThat(talk.said().orElseThrow().doing())
                .containsExactly(new Doing.Finished(lease(1), DONE));
    }

    @Test
    void anOrderThatVanishedIsKilled() {
        Talk talk = connected().wants(1, 2).wants(2);
        assertThat(talk.killed()).containsExactly(1L);
        assertThat(talk.said().orElseThrow().doing()).hasSize(2);
        assertThat(talk.wants(2).killed()).isEmpty();
        talk.on(new Event.StepDone(lease(1), DONE));
        assertThat(talk.session.held()).containsOnlyKeys(lease(2));
    }

    @Test
    void aResultIsReportedUntilItsOrderIsGone() {
        Talk talk = connected().wants(1).on(new Event.StepDone(lease(1), DONE));
        assertThat(talk.said().orElseThrow().doing())
                .containsExactly(new Doing.Finished(lease(1), DONE));
        talk.wants(1).on(new Event.Tick());
        assertThat(talk.said().orElseThrow().doing())
                .containsExactly(new Doing.Finished(lease(1), DONE));
        talk.wants().on(new Event.Tick());
        assertThat(talk.said().orElseThrow().doing()).isEmpty();
    }

    @Test
    void aLeaseThatWasGivenBackIsRefusedAndNotStartedAgain() {
        Talk talk = connected().wants(1).on(new Event.StepDone(lease(1), DONE)).wants().wants(1);
        assertThat(talk.started()).isEmpty();
        assertThat(talk.said().orElseThrow().doing())
                .singleElement()
                .isInstanceOfSatisfying(
                        Doing.Finished.class,
                        f ->
                                assertThat(f.outcome())
                                        .isInstanceOfSatisfying(
                                                Outcome.Broke.class,
                                                b ->
                                                        assertThat(b.failure().kind())
                                                                .isEqualTo(Failure.Kind.HOST)));
    }

    @Test
    void anOlderAnswerIsIgnored() {
        Talk talk = connected();
        talk.on(new Event.Desired(5, 1, List.of(order(1))));
        talk.on(new Event.Desired(4, 1, List.of()));
        assertThat(talk.effects).isEmpty();
        assertThat(talk.session.held()).containsOnlyKeys(lease(1));
    }

    @Test
    void aRestartedCoordinatorCountsAnew() {
        Talk talk = connected();
        talk.on(new Event.Desired(900, 1, List.of(order(1))));
        talk.on(new Event.Disconnected()).on(new Event.Connected());
        talk.on(new Event.Desired(1, talk.session.number(), List.of()));
        assertThat(talk.killed()).containsExactly(1L);
    }

    @Test
    void anAnswerThatDoesNotKnowThisStreamIsIgnored() {
        Talk talk = connected().wants(1);
        long before = talk.session.number();
        talk.on(new Event.Disconnected()).on(new Event.Connected());
        talk.on(new Event.Desired(1_000, before, List.of()));
        assertThat(talk.effects).isEmpty();
    }

    @Test
    void aPhaseIsReportedOnceAndOnlyWhileRunning() {
        Talk talk = connected().wants(1);
        assertThat(talk.on(new Event.Phase(lease(1), "compile")).said()).isPresent();
        assertThat(talk.on(new Event.Phase(lease(1), "compile")).said()).isEmpty();
        talk.on(new Event.StepDone(lease(1), DONE));
        assertThat(talk.on(new Event.Phase(lease(1), "late")).said()).isEmpty();
        assertThat(talk.on(new Event.Phase(lease(9), "unknown")).said()).isEmpty();
    }

    @Test
    void noMoreThanTheBoundIsHeldAndTheRestComesLater() {
        long[] many = new long[Limits.LEASES_PER_AGENT + 2];
        Arrays.setAll(many, i -> i + 1);
        Talk talk = connected().wants(many);
        assertThat(talk.started()).hasSize(Limits.LEASES_PER_AGENT);
        talk.on(new Event.StepDone(lease(1), DONE));
        Arrays.setAll(many, i -> i + 2);
        talk.wants(Arrays.copyOf(many, many.length - 1));
        assertThat(talk.started()).containsExactly(Limits.LEASES_PER_AGENT + 1L);
    }

    @Test
    void aSessionAboveTheBoundCannotBeMade() {
        SortedMap<LeaseId, Session.Held> held = new TreeMap<>();
        for (long i = 1; i <= Limits.LEASES_PER_AGENT + 1; i++)
            held.put(lease(i), new Session.Held.Stopping());
        assertThatThrownBy(() -> new Session(0, Optional.empty(), 1 << 20, held, Optional.empty()))
                .hasMessageContaining("1025 leases");
    }
}
