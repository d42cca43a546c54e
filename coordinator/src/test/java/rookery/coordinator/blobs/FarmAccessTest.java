package rookery.coordinator.blobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rookery.coordinator.Given;
import rookery.coordinator.blobs.Access.Wish;
import rookery.coordinator.blobs.Visitor.Role;
import rookery.coordinator.farm.Effect;
import rookery.coordinator.farm.Event;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Rules;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.Doing;
import rookery.model.JobId;
import rookery.model.Order;
import rookery.model.Outcome;
import rookery.model.Work;
import rookery.oci.Digest;

class FarmAccessTest {
    private static final AgentFacts FACTS = Given.facts(1, "amd64");
    private static final AgentId A1 = new AgentId("a1");
    private static final Visitor AGENT = new Visitor(Role.AGENT, "a1");
    private static final Visitor OTHER = new Visitor(Role.AGENT, "a2");
    private static final Visitor SUBMITTER = new Visitor(Role.SUBMITTER, "ann");
    private static final Digest UNKNOWN = Given.digest("nobody's");

    private Farm farm = Farm.empty(new Rules(true, "1"), 1);
    private final FarmAccess access = new FarmAccess(() -> farm);

    /// One agent, one job without packages; results are never known before.
    @BeforeEach
    void aJobRuns() {
        report();
        feed(
                new Event.Submitted(
                        Given.T0,
                        new JobId("j1"),
                        "r1",
                        Given.spec(List.of(), Given.required(Given.AMD64)),
                        false,
                        false,
                        false));
    }

    private void report(Doing... doing) {
        feed(new Event.Reported(Given.T0, A1, 1, FACTS, List.of(doing), false));
    }

    private void feed(Event event) {
        Farm.Transition moved = Farm.apply(farm, event);
        farm = moved.farm();
        for (Effect effect : moved.effects()) {
            switch (effect) {
                case Effect.Recall e ->
                        feed(new Event.Recalled(Given.T0, e.step(), Optional.empty()));
                case Effect.ReadGraph _ -> throw new AssertionError("no packages, no graph");
                case Effect.Execute e -> {
                    String role = e.work() instanceof Work.Verify ? "binary" : "index";
                    Outcome made =
                            role.equals("binary")
                                    ? e.inputs().firstEntry().getValue()
                                    : Given.made(role, "the image");
                    feed(new Event.Ran(Given.T0, e.step(), e.attempt(), made));
                }
            }
        }
    }

    private Order order(Class<? extends Work> work) {
        return farm.desired(A1).stream()
                .filter(o -> work.isInstance(o.work()))
                .findFirst()
                .orElseThrow();
    }

    private void finish(Order order, String role, String content) {
        report(new Doing.Finished(order.lease(), Given.made(role, content)));
    }

    private boolean may(Visitor who, Wish wish) {
        return access.objection(who, wish).isEmpty();
    }

    @Test
    void anAgentReadsTheInputsOfItsStepsAndNothingElse() {
        assertThat(may(AGENT, new Wish.Read(Given.digest("go.mod")))).isTrue();
        assertThat(may(AGENT, new Wish.Read(UNKNOWN))).isFalse();
        assertThat(may(AGENT, new Wish.Read(Given.digest("tree"))))
                .as("the source is for go-build, which is not lent yet")
                .isFalse();
        finish(order(Work.Modules.class), "modules", "the modules");
        assertThat(may(AGENT, new Wish.Read(Given.digest("tree")))).isTrue();
        assertThat(may(AGENT, new Wish.Read(Given.digest("the modules")))).isTrue();
        assertThat(may(AGENT, new Wish.Read(Given.digest("go.mod"))))
                .as("that step is over")
                .isFalse();
    }

    @Test
    void anAgentReadsWhatItStoredItselfWhileItHoldsALease() {
        Wish read = new Wish.Read(Given.digest("stored"));
        assertThat(may(AGENT, read)).isFalse();
        assertThat(may(AGENT, new Wish.Wrote(Given.digest("stored")))).isTrue();
        assertThat(may(AGENT, read)).isTrue();
        assertThat(may(OTHER, read)).isFalse();
    }

    @Test
    void anAgentWithoutALeaseMovesNothing() {
        assertThat(may(AGENT, new Wish.Write())).isTrue();
        for (Wish wish :
                List.of(new Wish.Write(), new Wish.Look(UNKNOWN), new Wish.Read(UNKNOWN))) {
            assertThat(access.objection(OTHER, wish).orElseThrow()).contains("holds no lease");
            assertThat(may(new Visitor(Role.AGENT, "no agent's name"), wish)).isFalse();
        }
        feed(new Event.CancelAsked(Given.T0, new JobId("j1")));
        report();
        assertThat(may(AGENT, new Wish.Write())).isFalse();
    }

    @Test
    void aSubmitterUploadsAndReadsWhatJobsDeliver() {
        assertThat(may(SUBMITTER, new Wish.Write())).isTrue();
        assertThat(may(SUBMITTER, new Wish.Look(UNKNOWN))).isTrue();
        assertThat(may(SUBMITTER, new Wish.Read(UNKNOWN))).isFalse();
        finish(order(Work.Modules.class), "modules", "the modules");
        finish(order(Work.GoBuild.class), "binary", "the binary");
        finish(order(Work.Run.class), "nothing", "");
        assertThat(may(SUBMITTER, new Wish.Read(Given.digest("the binary")))).isTrue();
        assertThat(may(SUBMITTER, new Wish.Read(Given.digest("the image")))).isTrue();
        assertThat(may(SUBMITTER, new Wish.Read(Given.digest("the modules")))).isFalse();
    }

    @Test
    void aViewerMovesNothingAndAnAdminEverything() {
        for (Wish wish :
                List.of(new Wish.Write(), new Wish.Look(UNKNOWN), new Wish.Read(UNKNOWN))) {
            assertThat(may(new Visitor(Role.VIEWER, "vic"), wish)).isFalse();
            assertThat(may(new Visitor(Role.ADMIN, "ada"), wish)).isTrue();
            assertThat(may(Visitor.OWNER, wish)).isTrue();
        }
    }
}
