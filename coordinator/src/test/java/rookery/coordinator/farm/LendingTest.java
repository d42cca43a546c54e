package rookery.coordinator.farm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import rookery.coordinator.Given;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.Doing;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.Order;
import rookery.model.StepId;
import rookery.model.Toolchain;

/// Who gets which step.
class LendingTest {
    private static final AgentFacts ONE = Given.facts(1, "amd64", "arm64", "riscv64");
    private static final String CHOST = Given.AMD64.chost();

    private static JobSpec spec(String project, int priority) {
        JobSpec any = ScheduleRun.spec();
        return new JobSpec(
                any.project(),
                any.source(),
                any.builds(),
                new JobSpec.Portage(List.of(), List.of(), List.of(), Optional.empty()),
                any.platforms(),
                any.toolchain(),
                any.verify(),
                any.images(),
                new JobSpec.FarmOptions(project, project + priority, priority, new TreeSet<>()));
    }

    private static Durations.Row pace(AgentId agent, long millis) {
        return new Durations.Row(
                new Durations.Key("agent-pace", agent.value(), "", "", ""),
                new Durations.Learned(millis, 0, 8, agent.hashCode() & 0xffff));
    }

    private static Durations.Row goBuild(long millis, long peak) {
        return new Durations.Row(
                new Durations.Key("go-build", "app", CHOST, Toolchain.PORTABLE.word(), ""),
                new Durations.Learned(millis, peak, 8, 1));
    }

    private static History with(Durations.Row... rows) {
        var h = new History(true);
        h.farm = h.farm.knowing(Durations.NONE.with(List.of(rows)));
        return h;
    }

    private static List<String> jobs(List<Order> orders) {
        return orders.stream().map(o -> o.job().value()).toList();
    }

    private static void finish(History h, AgentId agent, AgentFacts facts) {
        Order order = h.orders(agent).getFirst();
        h.report(agent, 1, facts, new Doing.Finished(order.lease(), History.make(order)));
    }

    @Test
    void aStepWaitsForABusyAgentThatWouldStillBeDoneSooner() {
        var h = with(goBuild(100_000, 0), pace(History.A1, 1_000), pace(History.A2, 8_000));
        h.report(History.A1, 1, ONE).submit(new JobId("j1"), spec("p", 0));
        h.report(History.A2, 1, ONE).submit(new JobId("j2"), spec("q", 0));
        assertThat(jobs(h.orders(History.A1))).containsExactly("j1");
        assertThat(h.orders(History.A2)).isEmpty();
        h.now = h.now.plusSeconds(100);
        finish(h, History.A1, ONE);
        assertThat(jobs(h.orders(History.A1))).containsExactly("j2");
    }

    @Test
    void aSlowAgentWorksWhereTheQueueBeforeTheFastOneIsLong() {
        var h = with(goBuild(100_000, 0), pace(History.A1, 1_000), pace(History.A2, 4_000));
        h.report(History.A1, 1, ONE).report(History.A2, 1, ONE);
        for (int i = 1; i <= 9; i++) h.submit(new JobId("j" + i), spec("p" + i, 0));
        assertThat(h.orders(History.A1)).hasSize(1);
        assertThat(h.orders(History.A2)).hasSize(1);
    }

    @Test
    void higherPrioritiesGoFirst() {
        var h = new History(true).submit(new JobId("j1"), spec("p", 0));
        h.submit(new JobId("j2"), spec("p", 5)).report(History.A1, 1, ONE);
        h.now = h.now.plusSeconds(30);
        h.submit(new JobId("j3"), spec("p", 1));
        var order = new ArrayList<String>(jobs(h.orders(History.A1)));
        while (!h.orders(History.A1).isEmpty() && order.size() < 3) {
            finish(h, History.A1, ONE);
            order.addAll(jobs(h.orders(History.A1)));
        }
        assertThat(order.subList(order.size() - 2, order.size())).containsExactly("j3", "j1");
    }

    @Test
    void projectsTakeTurnsHoweverManyStepsOneOfThemHas() {
        var h = with(goBuild(50_000, 0));
        h.report(History.A1, 1, ONE);
        for (int i = 0; i < 6; i++) h.submit(new JobId("big" + i), variant("big", i));
        for (int i = 0; i < 2; i++) h.submit(new JobId("small" + i), variant("small", i));
        var order = new ArrayList<String>();
        while (!h.orders(History.A1).isEmpty()) {
            order.addAll(jobs(h.orders(History.A1)));
            h.now = h.now.plusSeconds(50);
            finish(h, History.A1, ONE);
        }
        assertThat(order).hasSize(8);
        assertThat(order.subList(0, 4)).filteredOn(j -> j.startsWith("small")).hasSize(2);
    }

    /// Jobs that make different things.
    private static JobSpec variant(String project, int number) {
        JobSpec any = spec(project, 0);
        return new JobSpec(
                any.project(),
                any.source(),
                any.builds(),
                any.portage(),
                any.platforms(),
                any.toolchain(),
                any.verify(),
                any.images(),
                new JobSpec.FarmOptions(project, project + number, 0, new TreeSet<>()));
    }

    @Test
    void stepsThatNeedTheMemoryOfAMachineAreNotPutOnItTogether() {
        AgentFacts four = Given.facts(4, "amd64");
        var h = with(goBuild(50_000, 5L << 30));
        h.report(History.A1, 1, four);
        h.submit(new JobId("j1"), spec("p", 0)).submit(new JobId("j2"), spec("q", 0));
        assertThat(h.orders(History.A1)).hasSize(1);
        h.report(History.A2, 1, four);
        assertThat(h.orders(History.A2)).hasSize(1);
    }

    @Test
    void aStepGoesWhereItsInputsLie() {
        var holdings = Holdings.NONE;
        var big = new rookery.oci.Blob(Given.digest("sysroot"), 4L << 30);
        assertThat(holdings.plus(History.A2, big).of(big.digest())).containsExactly(History.A2);
        var fleet =
                Fleet.NOBODY
                        .with(History.A1, ONE, true, Pace.nearest(1_000))
                        .with(History.A2, ONE, true, Pace.nearest(1_000));
        var placement = new Placement(Given.T0, holdings.plus(History.A2, big));
        var blobs = new TreeMap<String, rookery.oci.Blob>();
        blobs.put("gpkg", big);
        var inputs = new TreeMap<StepId, rookery.model.Outcome.Made>();
        inputs.put(
                new StepId("package/x"),
                new rookery.model.Outcome.Made(blobs, big.digest(), new TreeMap<>()));
        var work = (rookery.model.Work.OnAgent) resolve();
        Demand demand = Demand.of(work, new TreeSet<>(), new TreeSet<>(), 0);
        var quote = Durations.NONE.quote(work);
        var chosen = (Placement.Choice.Now) placement.choose(fleet, demand, quote);
        assertThat(chosen.agent()).isEqualTo(History.A1);
        assertThat(placement.nearest(fleet, demand, quote, inputs, chosen)).isEqualTo(History.A2);
    }

    private static rookery.model.Work resolve() {
        JobSpec any = ScheduleRun.spec();
        return new rookery.model.Work.Resolve(Given.AMD64, any.toolchain(), any.portage());
    }

    @Test
    void coresAreSharedAmongTheSlotsAndAllGoToTheOnlyStep() {
        AgentFacts two = Given.facts(2, "amd64");
        var h = new History(true).report(History.A1, 1, two);
        h.submit(new JobId("j1"), spec("p", 0));
        assertThat(h.orders(History.A1)).extracting(Order::cores).containsExactly(2);
        var both = new History(true);
        both.submit(new JobId("j1"), spec("p", 0)).submit(new JobId("j2"), spec("q", 0));
        both.report(History.A1, 1, two);
        assertThat(both.orders(History.A1)).extracting(Order::cores).contains(1);
    }

    @Test
    void aTurnLooksAtAsManyStepsAsItCanLendHoweverManyWait() {
        int queued = 300;
        var h = new History(true);
        for (int i = 0; i < queued; i++) h.submit(new JobId("j" + i), variant("p" + i % 3, i));
        h.report(History.A1, 1, ONE);
        assertThat(h.farm.ready().size()).isEqualTo(queued - 1);
        Order order = h.orders(History.A1).getFirst();
        var turn = new Turn(h.farm, h.now);
        turn.reported(
                new Event.Reported(
                        h.now,
                        History.A1,
                        1,
                        ONE,
                        List.of(new Doing.Finished(order.lease(), History.make(order))),
                        false));
        turn.end();
        assertThat(turn.looked()).isBetween(1, 8);
        var beat = new Turn(h.farm, h.now);
        beat.reported(new Event.Reported(h.now, History.A1, 1, ONE, List.of(), false));
        beat.end();
        assertThat(beat.looked()).isZero();
    }

    @Test
    void aJobsEndIsForeseenOnceItsGraphIsKnown() {
        var h = with(goBuild(100_000, 0));
        h.report(History.A1, 1, ONE).submit(new JobId("j1"), spec("p", 0));
        // The build, then the coordinator's verify step.
        assertThat(Eta.of(h.farm, new JobId("j1")))
                .hasValueSatisfying(at ->
                        assertThat(at).isBetween(h.now.plusSeconds(100), h.now.plusSeconds(102)));
        h.now = h.now.plus(Duration.ofSeconds(40));
        h.report(History.A1, 1, ONE);
        assertThat(Eta.of(h.farm, new JobId("j1")).orElseThrow()).isBefore(h.now.plusSeconds(63));
        var unresolved = new History(true).report(History.A1, 1, ONE).submit(ScheduleRun.spec());
        assertThat(Eta.of(unresolved.farm, History.JOB)).isEmpty();
    }

    @Test
    void whatNobodyCanEverDoIsToldFromTheSpecAlone() {
        AgentFacts noRiscv = Given.facts(1, "amd64");
        var h = new History(true).report(History.A1, 1, noRiscv);
        JobSpec runs = Given.spec(List.of(), Given.required(Given.RISCV64));
        assertThat(Scheduler.impossible(runs, h.farm.agents().values()))
                .hasValueSatisfying(s ->
                        assertThat(s)
                                .contains("run/app/linux/riscv64")
                                .contains("the nearest, a1, lacks")
                                .contains("qemu-riscv64-static"));
        h.report(History.A2, 1, ONE);
        assertThat(Scheduler.impossible(runs, h.farm.agents().values())).isEmpty();
        assertThat(Scheduler.impossible(runs, List.of()))
                .hasValueSatisfying(s -> assertThat(s).contains("there is no agent"));
    }
}
