package rookery.coordinator.dispatch;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import rookery.access.Identity;
import rookery.access.Role;
import rookery.coordinator.Given;
import rookery.coordinator.trust.Authority;
import rookery.coordinator.trust.FarmServer;
import rookery.coordinator.trust.Members;
import rookery.model.AgentFacts;
import rookery.model.JobId;
import rookery.model.LeaseId;
import rookery.model.MergeGraph;
import rookery.model.Order;
import rookery.model.StepIds;
import rookery.model.Toolchain;
import rookery.model.Work;
import rookery.wire.AgentWire;

/// Measures a farm beside its floor, in turns, for some numbers of agents, with and without a
/// queue.
public final class DispatchBench {
    private static final int[] AGENTS = {1, 10, 100, 1_000};
    private static final int OUTSTANDING = 64;
    private static final int CHAIN = 2_500;
    private static final int QUEUED = 100_000;

    /// Steps for the time until the queue is what it is to be, and while it is measured.
    private static final int SPENT = 140_000;

    private static final Duration WARM_UP =
            Duration.ofSeconds(Integer.getInteger("rookery.bench.seconds", 6));
    private static final Duration MEASURED =
            Duration.ofSeconds(Integer.getInteger("rookery.bench.seconds", 6));
    private static final Duration SETTLING = Duration.ofMinutes(2);
    private static final Duration COMING_BACK = Duration.ofSeconds(60);
    private static final double PART_OF_FLOOR = 0.5;
    private static final int STEPS_A_SECOND = 4_000;
    private static final int COMMITS = 3;
    private static final double FLAT = 0.8;
    private static final int RECONNECT_SECONDS = 30;
    private static final long MEMORY = 1L << 43;

    private final Path directory;
    private final Authority authority;
    private final List<Identity> identities = new ArrayList<>();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    private boolean missed;

    /// What one run gave.
    ///
    /// @param pace what was saved
    private record Figures(
            Pace pace, Samples.Spread commit, Samples.Spread lease, Samples.Spread roundTrip) {}

    /// @param rate steps that were saved, a second
    /// @param cost processor time that this process spent on each, in microseconds: both ends and
    ///   the JVM's own. It says more than the rate does on a machine that others use too
    private record Pace(double rate, double cost) {}

    private DispatchBench(Path directory) {
        this.directory = directory;
        this.authority =
                Authority.open(Authority.Config.usual(directory.resolve("trust"), List.of()));
    }

    public static void main(String[] args) throws IOException, SQLException, InterruptedException {
        // A thousand agents that lose their streams say so.
        Logger.getLogger("").setLevel(Level.SEVERE);
        int[] agents =
                args.length == 0
                        ? AGENTS
                        : Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
        Path directory = Files.createTempDirectory("rookery-dispatch");
        var bench = new DispatchBench(directory);
        try {
            bench.join(Arrays.stream(agents).max().orElseThrow());
            bench.warmUp();
            for (int number : agents) bench.measure(number);
            System.exit(bench.missed ? 1 : 0);
        } finally {
            delete(directory);
        }
    }

    private void join(int number) {
        try (FarmServer server = serve(0, List.of())) {
            for (int i = 0; i < number; i++)
                identities.add(
                        Members.join(
                                authority,
                                server,
                                Role.AGENT,
                                "agent-" + i,
                                directory.resolve("identity-" + i)));
        }
    }

    /// A farm and a floor that nobody measures: a JVM is slow with what it does for the first time,
    /// and a farm is much more code than its floor.
    private void warmUp() throws IOException, SQLException, InterruptedException {
        print("warm-up, not measured");
        farm(1, Backlog.Shape.QUEUE, CHAIN);
        floor(1);
    }

    private FarmServer serve(int port, List<io.grpc.BindableService> services) {
        return FarmServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), authority, services);
    }

    private static URI uri(FarmServer server) {
        return URI.create("https://127.0.0.1:" + server.port());
    }

    private void measure(int agents) throws IOException, SQLException, InterruptedException {
        print(agents + (agents == 1 ? " agent" : " agents"));
        Figures before = floor(agents);
        Figures empty = farm(agents, Backlog.Shape.CHAINS, CHAIN);
        Figures queued = farm(agents, Backlog.Shape.QUEUE, (QUEUED + SPENT) / Backlog.JOBS);
        Figures after = floor(agents);
        double floor = (before.pace.rate + after.pace.rate) / 2;
        print(
                "  floor                "
                        + line(before)
                        + ", then "
                        + Math.round(after.pace.rate)
                        + "/s");
        print("  0 queued             " + line(empty));
        print("  " + QUEUED + " queued        " + line(queued));
        judge("0 queued", empty, floor);
        judge(QUEUED + " queued", queued, floor);
        double flat = queued.pace.rate / empty.pace.rate;
        judge("rate with the queue / without", flat, ">=", FLAT, flat >= FLAT);
    }

    private void judge(String which, Figures found, double floor) {
        double part = found.pace.rate / floor;
        judge(which + ": of the floor", part, ">=", PART_OF_FLOOR, part >= PART_OF_FLOOR);
        judge(
                which + ": steps/s",
                found.pace.rate,
                ">=",
                STEPS_A_SECOND,
                found.pace.rate >= STEPS_A_SECOND);
        double commits = found.lease.p99() / found.commit.p99();
        judge(
                which + ": p99 ready to leased, in p99 of a commit",
                commits,
                "<=",
                COMMITS,
                commits <= COMMITS);
    }

    private Figures floor(int agents) throws IOException, SQLException, InterruptedException {
        int streams = Math.min(agents, OUTSTANDING);
        Path file = directory.resolve("floor.db");
        var roundTrips = new Samples();
        var pingers = new ArrayList<Pinger>();
        try (var floor = new Floor(file, order());
                FarmServer server = serve(0, floor.services())) {
            for (Identity identity : identities.subList(0, streams))
                pingers.add(
                        new Pinger(
                                identity,
                                uri(server),
                                facts(agents),
                                OUTSTANDING / streams,
                                roundTrips));
            Pace pace =
                    pace(
                            floor.done,
                            () -> {
                                floor.commits.clear();
                                roundTrips.clear();
                            });
            var figures =
                    new Figures(
                            pace,
                            floor.commits.spread(),
                            new Samples().spread(),
                            roundTrips.spread());
            pingers.forEach(Pinger::close);
            return figures;
        } finally {
            for (String end : List.of("", "-wal", "-shm"))
                Files.deleteIfExists(Path.of(file + end));
        }
    }

    private Figures farm(int agents, Backlog.Shape shape, int steps)
            throws IOException, InterruptedException {
        Path state = Files.createDirectory(directory.resolve("state"));
        Backlog.write(state.resolve("farm.db"), shape, steps);
        var roundTrips = new Samples();
        var crew = new ArrayList<NoopAgent>();
        try (var farm = new MeasuredFarm(state)) {
            FarmServer server = serve(0, farm.services());
            try {
                AgentFacts facts = facts(agents);
                for (int i = 0; i < agents; i++)
                    crew.add(
                            new NoopAgent(
                                    identities.get(i), uri(server), i, facts, timer, roundTrips));
                settle(farm, crew);
                Pace pace =
                        pace(
                                farm.done,
                                () -> {
                                    farm.commits.clear();
                                    farm.leases.clear();
                                    roundTrips.clear();
                                });
                var figures =
                        new Figures(
                                pace,
                                farm.commits.spread(),
                                farm.leases.spread(),
                                roundTrips.spread());
                print("    " + farm.farm().ready().size() + " ready at the end, heap " + heap());
                if (shape == Backlog.Shape.QUEUE && agents >= 1_000) {
                    int port = server.port();
                    server.close();
                    long began = System.nanoTime();
                    server = serve(port, farm.services());
                    comeBack(crew, began);
                }
                return figures;
            } finally {
                crew.forEach(NoopAgent::close);
                server.close();
            }
        } finally {
            delete(state);
        }
    }

    private void comeBack(List<NoopAgent> crew, long began) {
        long until = began + COMING_BACK.toNanos();
        while (!crew.stream().allMatch(NoopAgent::hasHeard) && System.nanoTime() < until)
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        long back = crew.stream().filter(NoopAgent::hasHeard).count();
        double seconds = (System.nanoTime() - began) / 1e9;
        judge(
                back + " of " + crew.size() + " agents are back, seconds",
                seconds,
                "<=",
                RECONNECT_SECONDS,
                back == crew.size() && seconds <= RECONNECT_SECONDS);
        print("    heap then " + heap());
    }

    /// Until every agent is there and every step was looked up that could be: a farm does that once
    /// for each, and it is no part of lending the next one.
    private static void settle(MeasuredFarm farm, List<NoopAgent> crew) {
        long until = System.nanoTime() + SETTLING.toNanos();
        while (!(farm.isLookedUp() && crew.stream().allMatch(NoopAgent::hasHeard))
                && System.nanoTime() < until)
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }

    /// How much a second the count grows, once warm, and what that costs.
    private static Pace pace(AtomicLong count, Runnable begin) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(WARM_UP.toNanos());
        begin.run();
        long from = count.get();
        long spent = spentNanos();
        long began = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(MEASURED.toNanos());
        long steps = Math.max(1, count.get() - from);
        return new Pace(
                steps * 1e9 / (System.nanoTime() - began), (spentNanos() - spent) / 1e3 / steps);
    }

    private static long spentNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static AgentFacts facts(int agents) {
        AgentFacts usual = Given.facts((OUTSTANDING + agents - 1) / agents, "amd64");
        return new AgentFacts(
                usual.buildArchitecture(),
                usual.hostTools(),
                usual.goVersion(),
                usual.toolchains(),
                usual.emulators(),
                OUTSTANDING,
                MEMORY,
                usual.slots(),
                new TreeSet<>());
    }

    /// As large as the farm's orders are.
    private static rookery.v1.Order order() {
        var node =
                new MergeGraph.Node(
                        "dev-libs/library-number-1000-1.2.3",
                        "0",
                        "gentoo",
                        List.of("static-libs", "ssl"),
                        Given.digest("ebuild").hex(),
                        new TreeMap<>(),
                        List.of(),
                        List.of());
        var inputs = new TreeMap<rookery.model.StepId, rookery.model.Outcome.Made>();
        var id = StepIds.packageBuild(Given.AMD64.chost(), node.cpv());
        inputs.put(id, NoopAgent.MADE);
        return AgentWire.write(
                new Order(
                        new LeaseId(1),
                        new JobId("bench-1"),
                        id,
                        Given.digest("key"),
                        "local",
                        new Work.PackageBuild(
                                Given.AMD64,
                                Toolchain.PORTABLE,
                                Given.spec(List.of("net-misc/curl"), Given.required(Given.AMD64))
                                        .portage(),
                                node,
                                List.of()),
                        inputs,
                        1));
    }

    // ---- the report

    private void judge(String what, double found, String how, double aim, boolean met) {
        missed |= !met;
        print(
                String.format(
                        Locale.ROOT,
                        "    %-58s %9.2f  aim %s %s  %s",
                        what,
                        found,
                        how,
                        aim,
                        met ? "met" : "MISSED"));
    }

    private static String line(Figures f) {
        return String.format(
                Locale.ROOT,
                "%6.0f/s, %.0f us of processor each, ready to leased p50 %.2f ms p99 %.2f ms, round trip p50 %.2f ms p99 %.2f ms, commit p50 %.2f ms p99 %.2f ms",
                f.pace.rate,
                f.pace.cost,
                f.lease.p50(),
                f.lease.p99(),
                f.roundTrip.p50(),
                f.roundTrip.p99(),
                f.commit.p50(),
                f.commit.p99());
    }

    private static String heap() {
        System.gc();
        Runtime machine = Runtime.getRuntime();
        return ((machine.totalMemory() - machine.freeMemory()) >> 20)
                + " MiB of "
                + (machine.maxMemory() >> 20)
                + " MiB";
    }

    private static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    // The figures are what this program is for.
    @SuppressWarnings("SystemOut")
    private static void print(String line) {
        System.out.println(line);
    }
}
