package rookery.coordinator;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import rookery.coordinator.farm.Changes;
import rookery.coordinator.farm.Effect;
import rookery.coordinator.farm.Event;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Rules;
import rookery.coordinator.loop.Loop;
import rookery.coordinator.store.Store;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.Doing;
import rookery.model.LeaseId;
import rookery.model.Order;
import rookery.model.Outcome;
import rookery.model.Work;

/// How many steps a second go through farm, loop and database, without a network: one agent with 64
/// slots that does nothing, before a short and a long queue.
public final class LoopBench {
    private static final int SHORT = 0;
    private static final int LONG = 100_000;
    private static final int SAVED_AT_ONCE = 512;
    private static final int SLOTS = 64;
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final Duration MEASURED = Duration.ofSeconds(20);
    private static final AgentId AGENT = new AgentId("bench");

    private LoopBench() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        for (int queued :
                args.length == 1
                        ? new int[] {Integer.parseInt(args[0])}
                        : new int[] {SHORT, LONG}) {
            Path dir = Files.createTempDirectory("rookery-loop");
            try {
                bench(dir, queued);
            } finally {
                try (var files = Files.walk(dir)) {
                    for (Path file : files.sorted(Comparator.reverseOrder()).toList())
                        Files.delete(file);
                }
            }
        }
    }

    private static void bench(Path dir, int queued) throws InterruptedException {
        try (Store store = Store.open(dir.resolve("farm.db"))) {
            int steps = fill(store, queued);
            Farm start =
                    store.load(Farm.empty(new Rules(true, "1"), store.nextLease()), Instant.now());
            var saves = new AtomicLong();
            var saving = new AtomicLong();
            var posts = new Posts();
            var loop =
                    new Loop(
                            start,
                            (changes, now) -> {
                                long began = System.nanoTime();
                                store.save(changes, now);
                                saving.addAndGet(System.nanoTime() - began);
                                saves.incrementAndGet();
                            },
                            effect ->
                                    Thread.ofVirtual()
                                            .start(() -> posts.post(answer(store, effect))),
                            java.time.InstantSource.system());
            posts.to(loop);
            var agent = new Idler(loop, steps == 0 ? 0 : Integer.MAX_VALUE);
            loop.start();
            // Who made the queue is gone; else its leases would be waited for.
            for (AgentId gone : start.agents().keySet())
                loop.post(new Event.Vanished(Instant.now(), gone, 1));
            agent.work(WARM_UP);
            long before = saves.get();
            long savingBefore = saving.get();
            Duration cpuBefore = cpu();
            long loopBefore = loopNanos();
            long done = agent.work(MEASURED);
            double seconds = MEASURED.toMillis() / 1e3;
            System.out.println(
                    steps
                            + " steps queued: "
                            + Math.round(done / seconds)
                            + " steps/s, "
                            + Math.round((saves.get() - before) / seconds)
                            + " commits/s, "
                            + Math.round((saving.get() - savingBefore) / 1e7 / seconds)
                            + " % of the time in the database, per step "
                            + (loopNanos() - loopBefore) / 1_000 / Math.max(1, done)
                            + " us of the loop's thread and "
                            + cpu().minus(cpuBefore).toNanos() / 1_000 / Math.max(1, done)
                            + " us of CPU in all, "
                            + loop.snapshot().ready().size()
                            + " ready at the end");
            loop.close();
        }
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static long loopNanos() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (long id : threads.getAllThreadIds()) {
            ThreadInfo info = threads.getThreadInfo(id);
            if (info != null && info.getThreadName().equals("farm-loop"))
                return threads.getThreadCpuTime(id);
        }
        return 0;
    }

    private static int fill(Store store, int steps) {
        var parts = new ArrayList<Changes>();
        Instant now = Instant.now();
        var crowd =
                new Crowd(
                        now,
                        store.nextLease(),
                        changes -> {
                            parts.add(changes);
                            if (parts.size() < SAVED_AT_ONCE) return;
                            store.save(Changes.of(parts, changes.nextLease()), now);
                            parts.clear();
                        });
        int made = crowd.grow(steps);
        if (!parts.isEmpty()) store.save(Changes.of(parts, parts.getLast().nextLease()), now);
        return made;
    }

    private static Event answer(Store store, Effect effect) {
        return switch (effect) {
            case Effect.Recall e ->
                    new Event.Recalled(Instant.now(), e.step(), store.recall(e.keys()));
            case Effect.ReadGraph e ->
                    new Event.Planned(
                            Instant.now(),
                            e.step(),
                            new Event.Graph.Read(
                                    Crowd.graph(
                                            e,
                                            Integer.parseInt(
                                                    e.step().job().value().substring(1)))));
            case Effect.Execute e ->
                    new Event.Ran(
                            Instant.now(),
                            e.step(),
                            e.attempt(),
                            Given.made(
                                    e.work() instanceof Work.Verify ? "binary" : "index",
                                    e.step().toString()));
        };
    }

    /// An agent that is done with everything at once.
    private static final class Idler {
        private static final AgentFacts FACTS = Given.facts(SLOTS, "amd64", "arm64", "riscv64");
        private final Loop loop;
        private final Semaphore news = new Semaphore(1);
        private int nextJob;

        /// @param nextJob the number of the job that is submitted when nothing waits
        Idler(Loop loop, int nextJob) {
            this.loop = loop;
            this.nextJob = nextJob;
            loop.listen(AGENT, _ -> news.release());
        }

        /// How many steps it did meanwhile.
        long work(Duration time) throws InterruptedException {
            long done = 0;
            boolean first = true;
            long end = System.nanoTime() + time.toNanos();
            Set<LeaseId> over = new TreeSet<>();
            while (System.nanoTime() < end) {
                var _ = news.tryAcquire(100, TimeUnit.MILLISECONDS);
                news.drainPermits();
                var doing = new ArrayList<Doing>();
                Set<LeaseId> held = new TreeSet<>();
                for (Order order : loop.snapshot().desired(AGENT)) {
                    held.add(order.lease());
                    doing.add(new Doing.Finished(order.lease(), made(order)));
                    if (over.add(order.lease())) done++;
                }
                over.retainAll(held);
                if (nextJob < Integer.MAX_VALUE && loop.snapshot().ready().size() < SLOTS)
                    loop.post(Crowd.submission(Instant.now(), nextJob++));
                if (!first && doing.isEmpty()) continue;
                first = false;
                loop.ask(
                                new Event.Reported(
                                        Instant.now(), AGENT, 1, FACTS, List.copyOf(doing), false))
                        .join();
            }
            return done;
        }

        private static Outcome made(Order order) {
            String role =
                    switch (order.work()) {
                        case Work.Modules _ -> "modules";
                        case Work.Resolve _ -> "graph";
                        case Work.Fetch _ -> "distfile";
                        case Work.PackageBuild _ -> "gpkg";
                        case Work.GoBuild _ -> "binary";
                        case Work.Run _ -> "nothing";
                    };
            return Given.made(role, order.job() + " " + order.step());
        }
    }
}
