package rookery.agent.session;

import static org.assertj.core.api.Assertions.assertThat;
import static rookery.agent.session.SessionTest.DONE;
import static rookery.agent.session.SessionTest.connected;
import static rookery.agent.session.SessionTest.lease;

import java.util.List;
import org.junit.jupiter.api.Test;
import rookery.agent.session.SessionTest.Talk;
import rookery.model.Doing;
import rookery.model.Failure;
import rookery.model.Outcome;

/// How an agent leaves: by itself, told to by the coordinator, and at once.
class SessionDrainingTest {
    private static boolean leaves(Talk talk) {
        return talk.effects.contains(new Effect.Leave());
    }

    @Test
    void aDrainingAgentSaysSoInEveryReport() {
        Talk talk = connected().on(new Event.Draining());
        assertThat(talk.said().orElseThrow().draining()).isTrue();
        assertThat(talk.on(new Event.Tick()).said().orElseThrow().draining()).isTrue();
        talk.on(new Event.Disconnected()).on(new Event.Connected());
        assertThat(talk.said().orElseThrow().draining()).isTrue();
    }

    @Test
    void anIdleAgentLeavesOnlyWhenTheCoordinatorKnowsThatItDrains() {
        Talk talk = connected();
        long before = talk.session.number();
        talk.on(new Event.Draining());
        assertThat(leaves(talk)).isFalse();
        talk.on(new Event.Desired(1, before, List.of()));
        assertThat(leaves(talk)).isFalse();
        talk.on(new Event.Desired(2, talk.session.number(), List.of()));
        assertThat(leaves(talk)).isTrue();
    }

    @Test
    void whatWasLentBeforeTheCoordinatorKnewIsDoneAndItsResultHandedOver() {
        Talk talk = connected();
        long before = talk.session.number();
        talk.on(new Event.Draining());
        talk.on(new Event.Desired(1, before, List.of(SessionTest.order(4))));
        assertThat(talk.started()).containsExactly(4L);
        talk.on(new Event.StepDone(lease(4), DONE));
        assertThat(leaves(talk)).isFalse();
        talk.on(new Event.Desired(2, talk.session.number(), List.of()));
        assertThat(leaves(talk)).isTrue();
    }

    @Test
    void aResultIsKeptWhileTheCoordinatorIsAwayAndOnlyThenTheAgentLeaves() {
        Talk talk = connected().wants(1).on(new Event.Draining());
        talk.on(new Event.Disconnected()).on(new Event.StepDone(lease(1), DONE));
        assertThat(leaves(talk)).isFalse();
        talk.on(new Event.Connected());
        assertThat(talk.said().orElseThrow().doing())
                .containsExactly(new Doing.Finished(lease(1), DONE));
        talk.on(new Event.Desired(1, talk.session.number(), List.of()));
        assertThat(leaves(talk)).isTrue();
    }

    @Test
    void withoutAStreamWhoeverHoldsNothingLeavesAtOnce() {
        assertThat(leaves(new Talk().on(new Event.Draining()))).isTrue();
        assertThat(leaves(connected().on(new Event.Draining()).on(new Event.Disconnected())))
                .isTrue();
    }

    @Test
    void theCoordinatorCanTellAnAgentToLeave() {
        Talk talk = connected().wants(1);
        talk.on(new Event.Desired(9, talk.session.number(), List.of(SessionTest.order(1)), true));
        assertThat(talk.said().orElseThrow().draining()).isTrue();
        assertThat(talk.killed()).isEmpty();
        talk.on(new Event.StepDone(lease(1), DONE));
        talk.on(new Event.Desired(10, talk.session.number(), List.of(), true));
        assertThat(leaves(talk)).isTrue();
    }

    @Test
    void whoIsToStopAtOnceKillsItsStepsAndBlamesItself() {
        Talk talk = connected().wants(1, 2).on(new Event.StepDone(lease(2), DONE));
        talk.on(new Event.Draining()).on(new Event.Aborting());
        assertThat(talk.killed()).containsExactly(1L);
        var killed = new Failure(Failure.Kind.CANCELLED, "it was cancelled");
        talk.on(new Event.StepDone(lease(1), new Outcome.Broke(killed)));
        assertThat(talk.said().orElseThrow().doing())
                .satisfiesExactly(
                        d ->
                                assertThat(((Doing.Finished) d).outcome())
                                        .isInstanceOfSatisfying(
                                                Outcome.Broke.class,
                                                b ->
                                                        assertThat(b.failure().kind())
                                                                .isEqualTo(Failure.Kind.HOST)),
                        d -> assertThat(d).isEqualTo(new Doing.Finished(lease(2), DONE)));
        assertThat(leaves(talk)).isFalse();
        talk.on(new Event.Desired(50, talk.session.number(), List.of()));
        assertThat(leaves(talk)).isTrue();
    }

    @Test
    void anAbortedStepThatNobodyWantsAnyMoreIsForgotten() {
        Talk talk = connected().wants(1).on(new Event.Aborting()).wants();
        assertThat(talk.killed()).isEmpty();
        talk.on(new Event.StepDone(lease(1), DONE));
        assertThat(talk.session.held()).isEmpty();
    }
}
