package rookery.coordinator.farm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rookery.coordinator.Given;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.Doing;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.LeaseId;
import rookery.model.Order;
import rookery.model.Outcome;

/// Agents that die, say things twice, late or never, under seeds; when the faults stop, every job
/// ends well.
class RandomHistoriesTest {
    private static final AgentFacts FACTS = Given.facts(3, "amd64", "arm64", "riscv64");
    private static final JobSpec SPEC =
            Given.spec(
                    List.of("net-misc/curl"),
                    Given.required(Given.AMD64),
                    Given.required(Given.ARM64),
                    Given.optional(Given.RISCV64));
    private static final int TURNS = 20_000;

    @ParameterizedTest
    @ValueSource(ints = {0, 1000, 2000, 3000})
    void everyJobEndsAndNothingIsAcceptedTwice(int from) {
        for (int seed = from; seed < from + 100; seed++) history(seed);
    }

    private static void history(int seed) {
        var random = new Random(seed);
        var h = new History(true);
        List<AgentId> agents = List.of(new AgentId("a1"), new AgentId("a2"), new AgentId("a3"));
        Map<AgentId, Long> incarnations = new LinkedHashMap<>();
        agents.forEach(a -> incarnations.put(a, 1L));
        var said = new ArrayList<Event>();
        h.submit(new JobId("j1"), SPEC).submit(new JobId("j2"), SPEC);
        h.feed(new Event.Submitted(h.now, new JobId("j3"), "plan", SPEC, false, false, true));
        int turn = 0;
        for (; turn < TURNS && h.farm.jobs().values().stream().anyMatch(Job::running); turn++) {
            boolean calm = turn > 600;
            AgentId agent = agents.get(random.nextInt(agents.size()));
            var doing = new ArrayList<Doing>();
            for (Order order : h.orders(agent)) {
                if (random.nextInt(3) == 0)
                    doing.add(new Doing.Finished(order.lease(), outcome(random, calm, order)));
                else doing.add(new Doing.Running(order.lease(), "compile"));
            }
            if (!calm && random.nextInt(60) == 0) incarnations.merge(agent, 1L, Long::sum);
            var event =
                    new Event.Reported(
                            h.now,
                            agent,
                            incarnations.getOrDefault(agent, 1L),
                            FACTS,
                            doing,
                            !calm && random.nextInt(20) == 0);
            if (calm || random.nextInt(10) > 0) step(h, event, seed);
            said.add(event);
            if (!calm && random.nextInt(5) == 0)
                step(h, said.get(random.nextInt(said.size())), seed);
            if (!calm && random.nextInt(40) == 0)
                step(
                        h,
                        new Event.Vanished(h.now, agent, incarnations.getOrDefault(agent, 1L)),
                        seed);
            if (!calm && random.nextInt(80) == 0)
                step(h, new Event.Ruled(h.now, agent, any(random, Standing.values())), seed);
            if (turn == 601)
                for (AgentId each : agents)
                    step(h, new Event.Ruled(h.now, each, Standing.OPEN), seed);
            if (!calm && random.nextInt(100) == 0)
                step(h, new Event.CancelAsked(h.now, anyJob(h, random).id()), seed);
            if (!calm && random.nextInt(30) == 0) retry(h, anyJob(h, random), seed);
            h.now = h.now.plus(Duration.ofMillis(random.nextInt(calm ? 500 : 3_000)));
            step(h, new Event.Ticked(h.now, false), seed);
        }
        // A step that lost three agents, or whose upstream failed three times, ends on purpose;
        // nothing else may.
        for (Job job : h.farm.jobs().values()) {
            assertThat(job.running())
                    .as("seed %d: job %s after %d turns", seed, job.id(), turn)
                    .isFalse();
            if (job.status() instanceof Job.Status.Failed(_, Failure failure))
                assertThat(failure.message())
                        .as("seed %d", seed)
                        .containsAnyOf("agents were lost", "busy");
        }
        assertThat(h.farm.busy()).as("seed %d", seed).isEmpty();
        assertThat(h.farm.agents().values())
                .as("seed %d", seed)
                .allMatch(a -> a.leases().isEmpty());
    }

    private static <T> T any(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    private static Job anyJob(History h, Random random) {
        List<Job> jobs = List.copyOf(h.farm.jobs().values());
        return jobs.get(random.nextInt(jobs.size()));
    }

    /// The one event by which an end is none: what was made stays made.
    private static void retry(History h, Job ended, int seed) {
        h.feed(new Event.RetryAsked(h.now, ended));
        Job now = h.farm.job(ended.id());
        for (StepRow row : ended.steps().values()) {
            if (row.state() instanceof StepState.Done)
                assertThat(now.row(row.id()).state()).as("seed %d", seed).isEqualTo(row.state());
        }
        if (ended.status() instanceof Job.Status.Done)
            assertThat(now).as("seed %d", seed).isEqualTo(ended);
    }

    private static Outcome outcome(Random random, boolean calm, Order order) {
        if (!calm && random.nextInt(30) == 0)
            return new Outcome.Broke(new Failure(Failure.Kind.UPSTREAM, "busy"));
        return History.make(order);
    }

    /// Feeds an event and checks what must hold between any two states.
    private static void step(History h, Event event, int seed) {
        Farm before = h.farm;
        h.feed(event);
        Farm after = h.farm;
        assertThat(after.nextLease())
                .as("seed %d", seed)
                .isGreaterThanOrEqualTo(before.nextLease());
        var leases = new ArrayList<LeaseId>();
        for (Job job : after.jobs().values()) {
            int open = 0;
            for (StepRow row : job.steps().values()) {
                if (!row.state().ended()) open++;
                if (row.state() instanceof StepState.Leased leased) {
                    leases.add(leased.lease());
                    Agent holder = after.agents().get(leased.agent());
                    assertThat(holder).as("seed %d: %s", seed, leased).isNotNull();
                    if (holder != null)
                        assertThat(holder.leases())
                                .as("seed %d: %s", seed, leased)
                                .containsKey(leased.lease());
                }
                Job was = before.jobs().get(job.id());
                StepRow old = was == null ? null : was.steps().get(row.id());
                if (old != null && old.state().ended())
                    assertThat(row.state())
                            .as("seed %d: %s", seed, row.id())
                            .isEqualTo(old.state());
            }
            assertThat(job.open()).as("seed %d: open steps of %s", seed, job.id()).isEqualTo(open);
        }
        assertThat(leases).as("seed %d", seed).doesNotHaveDuplicates();
        for (Agent agent : after.agents().values()) {
            assertThat(agent.room(false)).as("seed %d: %s", seed, agent.id()).isNotNegative();
            assertThat(agent.room(true)).as("seed %d: %s", seed, agent.id()).isNotNegative();
        }
    }
}
