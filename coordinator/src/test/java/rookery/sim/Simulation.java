package rookery.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import rookery.coordinator.Given;
import rookery.coordinator.farm.Event;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.Standing;
import rookery.coordinator.farm.StepRow;
import rookery.model.AgentId;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.oci.Digest;

/// One history of one farm, from its seed.
final class Simulation {
    private static final int MOST_EVENTS = 400_000;

    /// How long a farm without faults may need for what is left.
    private static final long PATIENCE_MS = 4 * 3_600_000L;

    private final World world;
    private final Disk disk = new Disk();
    private final Blobs blobs = new Blobs();
    private final Oracle oracle;
    private final SimCoordinator coordinator;
    private final List<SimAgent> agents = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();
    private int submissions;
    private int happened;

    /// What a history came to.
    record Told(Coverage coverage, int happened, long simulatedMs, long starts) {}

    private Simulation(long seed) {
        world = new World(seed);
        oracle = new Oracle(world, disk, blobs);
        coordinator = new SimCoordinator(world, disk, blobs, new Registry(), oracle);
    }

    /// @throws Violation when something happened that must not
    static Told run(long seed) {
        return new Simulation(seed).run();
    }

    private Told run() {
        world.watch(this::states);
        coordinator.start();
        var hands = new Hands(world, blobs, oracle);
        int count = 1 + world.random.nextInt(4);
        for (int i = 1; i <= count; i++) {
            // The first can do everything, so that no job waits for a machine that never comes.
            var facts =
                    i == 1 || world.random.nextBoolean()
                            ? Given.facts(1 + world.random.nextInt(3), "amd64", "arm64", "riscv64")
                            : Given.facts(1 + world.random.nextInt(3), "amd64");
            var agent =
                    new SimAgent(world, new AgentId("a" + i), facts, coordinator, hands, oracle);
            agents.add(agent);
            world.after(world.some(10_000), agent::start);
        }
        int jobs = 1 + world.random.nextInt(5);
        for (int i = 0; i < jobs; i++) {
            JobSpec spec = spec();
            int number = i;
            requests.add("request " + i);
            world.after(world.random.nextInt(120_000) * (long) i, () -> submit(number, spec));
        }
        damage();
        rule();
        retry();
        long calmAt = 30_000L + world.random.nextInt(600_000);
        world.after(calmAt, this::calmDown);
        while (!isOver(calmAt)) {
            if (++happened > MOST_EVENTS) throw new Violation("no end in sight");
            if (!world.step()) throw new Violation("the world stands still");
        }
        oracle.ended(coordinator.farm());
        return new Told(world.coverage(), happened, world.nowMs(), oracle.starts());
    }

    /// In which states the open steps stand, as the coordinator has them or as its disk does.
    private Set<String> states() {
        var states = new TreeSet<String>();
        for (String request : requests) {
            var job =
                    coordinator.isUp()
                            ? coordinator.farm().ofRequest(request)
                            : disk.jobOf(request);
            if (job.isEmpty() || !job.get().running()) continue;
            for (StepRow row : job.get().steps().values())
                if (!row.state().ended()) states.add(row.state().getClass().getSimpleName());
        }
        return states;
    }

    private JobSpec spec() {
        var wanted = new ArrayList<JobSpec.Wanted>();
        wanted.add(Given.required(Given.AMD64));
        if (world.random.nextBoolean()) wanted.add(Given.required(Given.ARM64));
        if (world.random.nextInt(3) == 0) wanted.add(Given.optional(Given.RISCV64));
        List<String> packages =
                world.random.nextInt(3) > 0 ? List.of("net-misc/curl") : List.<String>of();
        return Given.spec(packages, wanted.toArray(JobSpec.Wanted[]::new));
    }

    /// A client that submits until it has an answer, always under the same request id.
    private void submit(int number, JobSpec spec) {
        String request = requests.get(number);
        boolean[] answered = {false};
        if (coordinator.isUp()) {
            // The service asks the store before it asks the farm.
            if (disk.jobOf(request).isPresent()) {
                oracle.accepted(request);
                return;
            }
            int times = world.strikes(Fault.SUBMITTED_TWICE, 3) ? 2 : 1;
            for (int i = 0; i < times; i++) {
                var id = new JobId("j" + number + "." + ++submissions);
                oracle.asked(id, spec);
                coordinator.post(
                        new Event.Submitted(world.clock(), id, request, spec, true, false, false),
                        _ -> {
                            if (answered[0]) return;
                            answered[0] = true;
                            oracle.accepted(request);
                            if (world.strikes(Fault.JOB_CANCELLED, 6))
                                world.after(world.some(300_000), () -> cancel(request));
                        });
            }
        }
        world.after(
                15_000,
                () -> {
                    if (!answered[0]) submit(number, spec);
                });
    }

    private void cancel(String request) {
        if (!coordinator.isUp()) return;
        disk.jobOf(request)
                .ifPresent(job -> {
                    oracle.excuse(job.id(), "it was cancelled");
                    coordinator.post(new Event.CancelAsked(world.clock(), job.id()), _ -> {});
                });
    }

    /// An admin who changes their mind a lot.
    private void rule() {
        world.after(
                10_000,
                () -> {
                    if (coordinator.isUp() && world.strikes(Fault.AGENT_RULED, 30)) {
                        SimAgent agent = agents.get(world.random.nextInt(agents.size()));
                        Standing[] words = Standing.values();
                        Standing word = words[world.random.nextInt(words.length)];
                        coordinator.post(new Event.Ruled(world.clock(), agent.id(), word), _ -> {});
                    }
                    rule();
                });
    }

    /// A person who will not have it that a job failed.
    private void retry() {
        world.after(
                10_000,
                () -> {
                    if (coordinator.isUp() && world.strikes(Fault.JOB_RETRIED, 10)) {
                        String request = requests.get(world.random.nextInt(requests.size()));
                        disk.jobOf(request)
                                .flatMap(job ->
                                        coordinator
                                                .farm()
                                                .find(job.id())
                                                .or(() -> Optional.of(job)))
                                .ifPresent(saved -> {
                                    oracle.retried(saved.id());
                                    coordinator.post(
                                            new Event.RetryAsked(world.clock(), saved), _ -> {});
                                });
                    }
                    retry();
                });
    }

    private void damage() {
        world.after(
                5_000,
                () -> {
                    if (world.strikes(Fault.BLOB_DAMAGED, 20)) {
                        byte[] near = new byte[8];
                        world.random.nextBytes(near);
                        blobs.damage(Digest.of(near));
                    }
                    damage();
                });
    }

    private void calmDown() {
        world.calmDown();
        coordinator.start();
        agents.forEach(SimAgent::calmDown);
        world.after(40_000, this::openAll);
    }

    private void openAll() {
        for (SimAgent agent : agents)
            coordinator.post(new Event.Ruled(world.clock(), agent.id(), Standing.OPEN), _ -> {});
    }

    private boolean isOver(long calmAt) {
        if (world.nowMs() <= calmAt || !coordinator.isUp()) return false;
        boolean allEnded =
                requests.stream().allMatch(r -> disk.jobOf(r).map(j -> !j.running()).orElse(false));
        return (allEnded && coordinator.farm().jobs().values().stream().noneMatch(Job::running))
                || world.nowMs() > calmAt + PATIENCE_MS;
    }
}
