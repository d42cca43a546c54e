package rookery.coordinator.farm;

import static org.assertj.core.api.Assertions.assertThat;

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
import rookery.model.StepId;

/// What was made is gone from the store, or damaged there, when a step wants it.
class LostInputsTest {
    private static final String CHOST = "x86_64-unknown-linux-musl";
    private static final String ZLIB = "package/" + CHOST + "/sys-libs/zlib-1.3";
    private static final String OPENSSL = "package/" + CHOST + "/dev-libs/openssl-3.0";
    private static final String CURL = "package/" + CHOST + "/net-misc/curl-8.0";
    private static final String APP = "go-build/app/linux/amd64";
    private static final AgentFacts FACTS = Given.facts(4, "amd64");
    private static final JobSpec SPEC =
            Given.spec(List.of("net-misc/curl"), Given.required(Given.AMD64));

    private final History h = History.withAgent(FACTS).submit(SPEC);

    @Test
    void isMadeAgainAndTheJobGoesOn() {
        workUntil(CURL);
        lose(ZLIB);
        misses(CURL);
        assertThat(h.state(CURL)).isInstanceOf(StepState.Waiting.class);
        assertThat(h.state(ZLIB)).isInstanceOf(StepState.Leased.class);
        assertThat(h.state(OPENSSL)).isInstanceOf(StepState.Done.class);
        found(ZLIB);
        h.workAll(History.A1, 1, FACTS);
        assertThat(h.job().status()).isEqualTo(new Job.Status.Done());
    }

    @Test
    void whatWasMadeOfItIsRecalledWhereItComesBackTheSame() {
        workUntil(APP);
        lose(ZLIB);
        misses(APP);
        assertThat(h.state(CURL)).isInstanceOf(StepState.Waiting.class);
        found(ZLIB);
        give(ZLIB, History.make(order(ZLIB)));
        assertThat(h.state(CURL))
                .isInstanceOfSatisfying(
                        StepState.Done.class, done -> assertThat(done.recalled()).isTrue());
        assertThat(h.state(APP)).isInstanceOf(StepState.Leased.class);
    }

    @Test
    void whatWasMadeOfItIsMadeAnewWhereItComesBackOtherwise() {
        workUntil(APP);
        lose(ZLIB);
        misses(APP);
        give(ZLIB, Given.made("gpkg", "another zlib"));
        assertThat(h.state(CURL)).isInstanceOf(StepState.Leased.class);
        assertThat(h.state(APP)).isInstanceOf(StepState.Waiting.class);
        h.workAll(History.A1, 1, FACTS);
        assertThat(h.job().status()).isEqualTo(new Job.Status.Done());
    }

    @Test
    void isMadeOnceForAllJobsThatWantIt() {
        var two = new rookery.model.JobId("j2");
        workUntil(APP);
        lose(CURL);
        h.submit(two, SPEC);
        misses(APP);
        assertThat(h.orders(History.A1)).extracting(o -> o.step().value()).containsOnlyOnce(CURL);
        found(CURL);
        h.workAll(History.A1, 1, FACTS);
        assertThat(h.job().status()).isEqualTo(new Job.Status.Done());
        assertThat(h.farm.job(two).status()).isEqualTo(new Job.Status.Done());
    }

    @Test
    void theAgentThatMissedItIsNotBlamedAndMayTryAgain() {
        workUntil(CURL);
        lose(ZLIB);
        misses(CURL);
        assertThat(h.farm.agents().values())
                .extracting(Agent::conduct)
                .containsExactly(Conduct.GOOD);
        assertThat(h.row(new StepRef(History.JOB, new StepId(CURL))).avoid()).isEmpty();
    }

    @Test
    void aStoreThatLosesItEachTimeEndsTheJob() {
        workUntil(CURL);
        lose(ZLIB);
        misses(CURL);
        for (int i = 1; i < Limits.ATTEMPTS; i++) give(ZLIB, History.make(order(ZLIB)));
        assertThat(h.job().status())
                .isInstanceOfSatisfying(
                        Job.Status.Failed.class,
                        f -> {
                            assertThat(f.failure().kind()).isEqualTo(Failure.Kind.INPUT_LOST);
                            assertThat(f.failure().message())
                                    .contains(ZLIB)
                                    .contains("look after the coordinator's disk");
                        });
    }

    @Test
    void aResultWhoseBlobDidNotArriveIsNone() {
        Order order = h.orders(History.A1).getFirst();
        var good = new Doing.Finished(order.lease(), Given.made("modules", "here"));
        var bad = new Doing.Finished(order.lease(), Given.made("modules", "never sent"));
        var arrived = Results.arrived(List.of(good, bad), blob -> blob.equals(Given.blob("here")));
        assertThat(arrived.getFirst()).isEqualTo(good);
        assertThat(arrived.getLast())
                .isInstanceOfSatisfying(
                        Doing.Finished.class,
                        f ->
                                assertThat(f.outcome())
                                        .isInstanceOfSatisfying(
                                                Outcome.Broke.class,
                                                b ->
                                                        assertThat(b.failure().message())
                                                                .contains("did not arrive")));
    }

    private Order order(String step) {
        return h.order(History.A1, step).orElseThrow();
    }

    /// Makes everything else until only this step is left.
    private void workUntil(String step) {
        for (int i = 0; i < 100; i++) {
            Order next =
                    h.orders(History.A1).stream()
                            .filter(o -> !o.step().value().equals(step))
                            .findFirst()
                            .orElse(null);
            if (next == null) break;
            give(next.step().value(), History.make(next));
        }
        assertThat(h.state(step)).isInstanceOf(StepState.Leased.class);
    }

    private void give(String step, Outcome outcome) {
        h.report(History.A1, 1, FACTS, new Doing.Finished(order(step).lease(), outcome));
    }

    private void lose(String step) {
        h.lost.add(((StepState.Done) h.state(step)).made().identity());
    }

    private void found(String step) {
        h.lost.remove(Given.made("gpkg", "made by " + step).identity());
    }

    private void misses(String step) {
        give(step, new Outcome.Broke(new Failure(Failure.Kind.INPUT_LOST, "it is not there")));
    }
}
