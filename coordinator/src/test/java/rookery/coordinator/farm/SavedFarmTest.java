package rookery.coordinator.farm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.coordinator.Given;
import rookery.coordinator.loop.Loop;
import rookery.coordinator.loop.Turns;
import rookery.coordinator.store.Store;
import rookery.model.AgentFacts;
import rookery.model.Blame;
import rookery.model.Doing;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.Order;
import rookery.model.RookeryException;
import rookery.model.Work;

/// What the store gives back is what was saved, whenever the coordinator ends and however its disk
/// fails.
class SavedFarmTest {
    private static final AgentFacts FACTS = Given.facts(4, "amd64", "arm64", "riscv64");
    private static final JobSpec SPEC =
            Given.spec(List.of("net-misc/curl"), Given.required(Given.AMD64));
    private static final JobSpec PLAIN = Given.spec(List.of(), Given.required(Given.AMD64));
    private static final int TURNS = 10_000;

    @TempDir Path dir;

    @Test
    void everyRowComesBackAsItWasSaved() {
        try (Store store = Store.open(dir.resolve("farm.db"))) {
            var run = new Run(store, Integer.MAX_VALUE, false);
            run.submit(SPEC);
            for (int turn = 0; run.turn(); turn++) {
                if (turn % 4 == 0) assertThat(bare(restored(store))).isEqualTo(bare(run.farm()));
            }
            assertThat(run.farm().job(History.JOB).status()).isEqualTo(new Job.Status.Done());
            Job saved = store.job(History.JOB).orElseThrow();
            assertThat(saved.status()).isEqualTo(new Job.Status.Done());
            assertThat(bare(saved)).isEqualTo(bare(run.farm().job(History.JOB)));
            assertThat(restored(store).jobs()).isEmpty();
            assertThat(restored(store).durations()).isEqualTo(run.farm().durations());
            assertThat(store.nextLease()).isEqualTo(run.farm().nextLease());
        }
    }

    @Test
    void aDiskThatFailsAtAnySaveLosesNothingThatAnybodyWasTold() {
        int saves;
        try (Store store = Store.open(dir.resolve("whole.db"))) {
            var run = new Run(store, Integer.MAX_VALUE, false);
            run.submit(PLAIN);
            while (run.turn()) {}
            saves = run.saves;
        }
        assertThat(saves).isGreaterThan(8);
        for (int failing = 1; failing <= saves; failing++) {
            for (boolean written : new boolean[] {false, true}) fails(failing, written);
        }
    }

    /// @param written whether the commit reached the disk although it was reported to have failed
    private void fails(int failing, boolean written) {
        String when = "the save number " + failing + (written ? ", written" : ", not written");
        try (Store store = Store.open(dir.resolve(failing + (written ? "w.db" : ".db")))) {
            var run = new Run(store, failing, written);
            assertThatThrownBy(
                            () -> {
                                run.submit(PLAIN);
                                while (run.turn()) {}
                            })
                    .as(when)
                    .hasMessageContaining("disk is full");
            Farm told = run.farm();
            Farm found = restored(store);
            for (Job job : told.jobs().values()) {
                for (StepRow row : job.steps().values()) {
                    if (row.state() instanceof StepState.Done)
                        assertThat(store.job(job.id()).orElseThrow().row(row.id()).state())
                                .as(when)
                                .isEqualTo(row.state());
                }
            }
            for (Order order : told.desired(History.A1))
                assertThat(store.nextLease()).as(when).isGreaterThan(order.lease().number());
            var again = new Run(store, found, Integer.MAX_VALUE, false);
            again.submit(PLAIN);
            again.resume();
            while (again.turn()) {}
            assertThat(store.job(History.JOB).orElseThrow().status())
                    .as(when)
                    .isEqualTo(new Job.Status.Done());
        }
    }

    @Test
    void aSaveThatFailsEndsTheLoopAndEveryoneWhoWaits() {
        Loop.Saver full =
                (_, _) -> {
                    throw new RookeryException(Blame.HOST, "the disk is full");
                };
        var loop = new Loop(Farm.empty(new Rules(true, "1"), 1), full, _ -> {}, () -> Given.T0);
        loop.start();
        CompletableFuture<Farm> answer =
                loop.ask(
                        new Event.Submitted(
                                Given.T0, History.JOB, "r", PLAIN, false, false, false));
        assertThatThrownBy(answer::join)
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("stopping");
        assertThat(loop.died().join()).hasMessageContaining("the disk is full");
        var told = new ArrayList<RookeryException>();
        loop.whenDied(told::add).run();
        assertThat(told).hasSize(1);
        assertThat(loop.snapshot().jobs()).isEmpty();
        loop.close();
    }

    @Test
    void standingsComeBackAndJobsAreListedFromTheNewest() {
        try (Store store = Store.open(dir.resolve("farm.db"))) {
            var h = new History(true);
            for (int i = 0; i < 5; i++) {
                h.now = h.now.plusSeconds(1);
                save(
                        store,
                        h,
                        new Event.Submitted(
                                h.now, new JobId("j" + i), "r" + i, PLAIN, false, false, i == 4));
            }
            save(store, h, new Event.CancelAsked(h.now, new JobId("j1")));
            save(store, h, new Event.Ruled(h.now, History.A2, Standing.CORDONED));
            save(store, h, new Event.Ruled(h.now, History.A1, Standing.DRAINING));
            save(store, h, new Event.Ruled(h.now, History.A1, Standing.OPEN));
            Farm found = restored(store);
            assertThat(found.jobs())
                    .containsOnlyKeys(
                            h.farm.jobs().keySet().stream()
                                    .filter(id -> h.farm.job(id).running())
                                    .toArray(JobId[]::new));
            assertThat(found.agents().get(History.A2))
                    .extracting(a -> a.conduct().standing())
                    .isEqualTo(Standing.CORDONED);
            List<JobSummary> newest = store.jobs(2, Optional.empty());
            assertThat(newest).extracting(j -> j.id().value()).containsExactly("j4", "j3");
            assertThat(newest.getFirst()).isEqualTo(JobSummary.of(h.farm.job(new JobId("j4"))));
            assertThat(store.jobs(9, Optional.of(new JobId("j3"))))
                    .extracting(j -> j.id().value())
                    .containsExactly("j2", "j1", "j0");
            assertThat(store.job(new JobId("j1")).orElseThrow().status())
                    .isEqualTo(new Job.Status.Cancelled());
            assertThat(store.job(new JobId("j404"))).isEmpty();
        }
    }

    private static void save(Store store, History h, Event event) {
        store.save(Farm.apply(h.farm, event).changes(), h.now);
        h.feed(event);
    }

    private static Farm restored(Store store) {
        return store.load(Farm.empty(new Rules(true, "1"), store.nextLease()), Given.T0);
    }

    /// Running jobs' rows as a store can have them.
    private static List<List<StepRow>> bare(Farm farm) {
        return farm.jobs().values().stream()
                .filter(Job::running)
                .map(j -> List.copyOf(bare(j).values()))
                .toList();
    }

    private static java.util.SortedMap<rookery.model.StepId, StepRow> bare(Job job) {
        var rows = new java.util.TreeMap<rookery.model.StepId, StepRow>();
        for (StepRow row : job.steps().values()) {
            StepState state =
                    switch (row.state()) {
                        case StepState.Recalling _, StepState.Ready _, StepState.Waiting _ ->
                                new StepState.Waiting(Instant.EPOCH);
                        case StepState kept -> kept;
                    };
            rows.put(row.id(), row.at("").planned(row.step(), 0).to(state));
        }
        return rows;
    }

    /// A coordinator without threads, and its one agent.
    private static final class Run {
        private final Store store;
        private final Turns turns;
        private final Deque<Event> events = new ArrayDeque<>();
        private Instant now = Given.T0;
        int saves;
        private int turn;

        Run(Store store, int failing, boolean written) {
            this(store, Farm.empty(new Rules(true, "1"), store.nextLease()), failing, written);
        }

        Run(Store store, Farm farm, int failing, boolean written) {
            this.store = store;
            Loop.Saver saver =
                    (changes, at) -> {
                        boolean fails = ++saves == failing;
                        if (!fails || written) store.save(changes, at);
                        if (fails) throw new RookeryException(Blame.HOST, "the disk is full");
                    };
            this.turns = new Turns(farm, saver, this::answer, () -> now);
        }

        Farm farm() {
            return turns.snapshot();
        }

        void submit(JobSpec spec) {
            events.add(new Event.Submitted(now, History.JOB, "r", spec, false, false, false));
        }

        void resume() {
            turns.resume();
        }

        /// Whether there is more to come.
        boolean turn() {
            if (++turn > TURNS) throw new IllegalStateException("the job does not end");
            now = now.plus(Duration.ofMillis(100));
            var doing = new ArrayList<Doing>();
            for (Order order : farm().desired(History.A1))
                doing.add(new Doing.Finished(order.lease(), History.make(order)));
            events.add(new Event.Reported(now, History.A1, 1, FACTS, doing, false));
            var batch = new ArrayList<Turns.Entry>();
            while (!events.isEmpty())
                batch.add(new Turns.Entry(events.remove(), new CompletableFuture<>()));
            turns.turn(batch);
            return farm().find(History.JOB).map(Job::running).orElse(false);
        }

        private void answer(Effect effect) {
            events.add(
                    switch (effect) {
                        case Effect.Recall e ->
                                new Event.Recalled(now, e.step(), store.recall(e.keys()));
                        case Effect.ReadGraph e ->
                                new Event.Planned(
                                        now,
                                        e.step(),
                                        new Event.Graph.Read(
                                                Given.graph(
                                                        ((Work.Resolve)
                                                                        farm().job(e.step().job())
                                                                                .row(
                                                                                        e.step()
                                                                                                .step())
                                                                                .step()
                                                                                .work())
                                                                .target())));
                        case Effect.Execute e ->
                                new Event.Ran(
                                        now,
                                        e.step(),
                                        e.attempt(),
                                        Given.made(
                                                e.work() instanceof Work.Verify
                                                        ? "binary"
                                                        : "index",
                                                e.step() + " made"));
                    });
        }
    }
}
