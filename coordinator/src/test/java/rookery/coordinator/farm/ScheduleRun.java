package rookery.coordinator.farm;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import rookery.coordinator.Given;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.Doing;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.LeaseId;
import rookery.model.StepId;
import rookery.model.StepIds;
import rookery.model.Toolchain;
import rookery.model.Work;

/// One job on the real farm in a world of virtual time: agents take as long as the graph says,
/// times their own slowness, times noise.
final class ScheduleRun {
    /// How far a step's real time may lie from what is known of it, to either side.
    static final double NOISE = 0.3;

    private static final JobId JOB = new JobId("j1");
    private static final Duration TICK = Duration.ofSeconds(5);

    /// @param slowness how much longer a step takes than on a usual machine
    /// @param architecture what it is; its class is learned by that
    record Machine(AgentId id, String architecture, double slowness) {}

    /// What came of it.
    ///
    /// @param bound no placement can be faster: the longest way on the fastest machine, or all work
    ///   on all machines
    record Figure(long millis, long bound) {
        double ratio() {
            return (double) millis / bound;
        }
    }

    private record End(Instant at, AgentId agent, LeaseId lease) {}

    private final PackageGraph graph;
    private final List<Machine> machines;
    private final SortedMap<String, Long> real = new TreeMap<>();
    private final SortedMap<AgentId, Machine> byId = new TreeMap<>();
    private final PriorityQueue<End> ends =
            new PriorityQueue<>(Comparator.comparing(End::at).thenComparing(End::lease));
    private final TreeSet<LeaseId> seen = new TreeSet<>();
    private Farm farm;
    private Instant now = Given.T0;
    private Optional<Instant> began = Optional.empty();

    private ScheduleRun(PackageGraph graph, List<Machine> machines, long seed) {
        this.graph = graph;
        this.machines = machines;
        var random = new Random(seed);
        for (PackageGraph.Node node : graph.nodes())
            real.put(node.cpv(), noisy(node.millis(), random));
        real.put("go-build", noisy(PackageGraph.GO_BUILD_MILLIS, random));
        machines.forEach(m -> byId.put(m.id(), m));
        var rules =
                new Rules(
                        true,
                        "1",
                        new Patience(
                                Duration.ofDays(9_999),
                                Duration.ofDays(9_999),
                                Duration.ofDays(1)));
        farm = Farm.empty(rules, 1).knowing(Durations.NONE.with(rows()));
    }

    private static long noisy(long millis, Random random) {
        return Math.max(1, (long) (millis * (1 - NOISE + 2 * NOISE * random.nextDouble())));
    }

    /// The same graph on the same machines by the farm.
    static Figure farm(PackageGraph graph, List<Machine> machines, long seed) {
        var run = new ScheduleRun(graph, machines, seed);
        return new Figure(run.run(), run.bound());
    }

    /// By plain list scheduling: the most urgent step to any agent that is free.
    static Figure naive(PackageGraph graph, List<Machine> machines, long seed) {
        var run = new ScheduleRun(graph, machines, seed);
        return new Figure(run.list(), run.bound());
    }

    // ---- what is known beforehand

    private List<Durations.Row> rows() {
        var rows = new ArrayList<Durations.Row>();
        String chost = Given.AMD64.chost();
        String toolchain = Toolchain.PORTABLE.word();
        for (PackageGraph.Node node : graph.nodes())
            row(rows, new Durations.Key("package", node.cp(), chost, toolchain, ""), node.millis());
        row(
                rows,
                new Durations.Key("go-build", "app", chost, toolchain, ""),
                PackageGraph.GO_BUILD_MILLIS);
        for (Machine machine : machines)
            row(
                    rows,
                    new Durations.Key("agent-pace", machine.id().value(), "", "", ""),
                    (long) (machine.slowness() * 1_000));
        return rows;
    }

    private static void row(List<Durations.Row> rows, Durations.Key key, long millis) {
        rows.add(new Durations.Row(key, new Durations.Learned(millis, 0, 8, rows.size())));
    }

    // ---- the farm

    private long run() {
        for (Machine machine : machines) report(machine.id(), List.of());
        feed(new Event.Submitted(now, JOB, "r", spec(), false, false, false));
        Instant ticked = now;
        while (farm.job(JOB).running()) {
            End end = ends.poll();
            if (end == null) throw new IllegalStateException("nobody is at anything: " + stuck());
            while (ticked.plus(TICK).isBefore(end.at())) {
                // Nothing but time passes: only a step that waits for somebody may be lent now.
                if (farm.ready().isEmpty()) ticked = end.at();
                else {
                    ticked = ticked.plus(TICK);
                    now = ticked;
                    int before = ends.size();
                    feed(new Event.Ticked(now, false));
                    if (ends.size() > before) {
                        ends.add(end);
                        end = ends.poll();
                        if (end == null) throw new IllegalStateException();
                    }
                }
            }
            now = end.at();
            finish(end);
        }
        return Duration.between(began.orElseThrow(), now).toMillis();
    }

    private String stuck() {
        return farm.ready().size() + " steps are ready, " + farm.at();
    }

    private void finish(End end) {
        Agent agent = farm.agents().get(end.agent());
        if (agent == null) throw new IllegalStateException("no agent " + end.agent());
        Agent.Lent lent = agent.leases().get(end.lease());
        if (lent == null) return;
        String role =
                switch (farm.job(JOB).row(lent.ref().step()).step().work()) {
                    case Work.Resolve _ -> "graph";
                    case Work.PackageBuild _ -> "gpkg";
                    case Work.GoBuild _ -> "binary";
                    case Work w -> throw new IllegalStateException("not expected: " + w);
                };
        report(
                end.agent(),
                List.of(
                        new Doing.Finished(
                                end.lease(), Given.made(role, lent.ref().step().value()))));
    }

    private void report(AgentId id, List<Doing> doing) {
        Machine machine = byId.get(id);
        if (machine == null) throw new IllegalStateException("no machine " + id);
        feed(new Event.Reported(now, id, 1, facts(machine), doing, false));
    }

    private static AgentFacts facts(Machine machine) {
        AgentFacts any = Given.facts(1, "amd64");
        return new AgentFacts(
                machine.architecture(),
                any.hostTools(),
                any.goVersion(),
                any.toolchains(),
                any.emulators(),
                2,
                1L << 33,
                1,
                new TreeSet<>());
    }

    private void feed(Event event) {
        Farm.Transition moved = Farm.apply(farm, event);
        farm = moved.farm();
        for (AgentId id : moved.stirred()) {
            Agent agent = farm.agents().get(id);
            if (agent == null) continue;
            agent.leases()
                    .forEach((lease, lent) -> {
                        if (!seen.add(lease)) return;
                        ends.add(new End(now.plusMillis(real(lent.ref().step(), id)), id, lease));
                    });
        }
        moved.effects().forEach(this::answer);
    }

    private void answer(Effect effect) {
        switch (effect) {
            case Effect.Recall e -> feed(new Event.Recalled(now, e.step(), Optional.empty()));
            case Effect.ReadGraph e -> {
                began = Optional.of(now);
                feed(
                        new Event.Planned(
                                now,
                                e.step(),
                                new Event.Graph.Read(graph.merge(Given.AMD64.chost()))));
            }
            case Effect.Execute e ->
                    feed(
                            new Event.Ran(
                                    now,
                                    e.step(),
                                    e.attempt(),
                                    Given.made("binary", e.step().toString())));
        }
    }

    private long real(StepId step, AgentId agent) {
        Machine machine = byId.get(agent);
        if (machine == null) throw new IllegalStateException("no machine " + agent);
        String name = step.value();
        if (name.startsWith("resolve/")) return 1;
        long millis =
                name.startsWith("go-build/")
                        ? real("go-build")
                        : real(name.substring(name.indexOf('/', "package/".length()) + 1));
        return Math.max(1, (long) (millis * machine.slowness()));
    }

    private long real(String cpv) {
        Long millis = real.get(cpv);
        if (millis == null) throw new IllegalStateException("what is " + cpv + "?");
        return millis;
    }

    static JobSpec spec() {
        JobSpec any = Given.spec(List.of("all"), Given.required(Given.AMD64));
        return new JobSpec(
                any.project(),
                new JobSpec.Source(
                        any.source().tree(),
                        Optional.empty(),
                        any.source().version(),
                        any.source().commit(),
                        any.source().commitTime()),
                any.builds(),
                any.portage(),
                any.platforms(),
                any.toolchain(),
                new JobSpec.Verify("scratch", List.of()),
                List.of(),
                any.farm());
    }

    // ---- what it is measured against

    private long bound() {
        double fastest = machines.stream().mapToDouble(Machine::slowness).min().orElseThrow();
        double speed = machines.stream().mapToDouble(m -> 1 / m.slowness()).sum();
        var until = new ArrayList<Long>();
        long all = real("go-build");
        long longest = 0;
        for (PackageGraph.Node node : graph.nodes()) {
            long from = 0;
            for (int need : node.needs()) from = Math.max(from, until.get(need));
            until.add(from + real(node.cpv()));
            longest = Math.max(longest, from + real(node.cpv()));
            all += real(node.cpv());
        }
        return (long) Math.max((longest + real("go-build")) * fastest, all / speed);
    }

    private long list() {
        int size = graph.nodes().size();
        long[] ranks = new long[size];
        for (int i = size - 1; i >= 0; i--) {
            PackageGraph.Node node = graph.nodes().get(i);
            ranks[i] += node.millis();
            for (int need : node.needs()) ranks[need] = Math.max(ranks[need], ranks[i]);
        }
        int[] open = new int[size];
        var ready =
                new PriorityQueue<Integer>(
                        Comparator.comparingLong((Integer i) -> -ranks[i])
                                .thenComparing(Comparator.naturalOrder()));
        for (int i = 0; i < size; i++) {
            open[i] = graph.nodes().get(i).needs().size();
            if (open[i] == 0) ready.add(i);
        }
        record Busy(long at, int machine, int node) {}
        var free = new TreeSet<Integer>();
        for (int m = 0; m < machines.size(); m++) free.add(m);
        var busy =
                new PriorityQueue<Busy>(
                        Comparator.comparingLong(Busy::at).thenComparingInt(Busy::machine));
        long at = 0;
        while (true) {
            while (!ready.isEmpty() && !free.isEmpty()) {
                Integer machine = free.removeFirst();
                int node = ready.remove();
                double millis =
                        real(graph.nodes().get(node).cpv()) * machines.get(machine).slowness();
                busy.add(new Busy(at + (long) millis, machine, node));
            }
            Busy end = busy.poll();
            if (end == null) break;
            at = end.at();
            free.add(end.machine());
            for (int i = end.node() + 1; i < size; i++)
                if (graph.nodes().get(i).needs().contains(end.node()) && --open[i] == 0)
                    ready.add(i);
        }
        return at + (long) (real("go-build") * machines.getFirst().slowness());
    }

    /// A step of the run's plan; for tests that look at it.
    static StepId packageStep(String cpv) {
        return StepIds.packageBuild(Given.AMD64.chost(), cpv);
    }
}
