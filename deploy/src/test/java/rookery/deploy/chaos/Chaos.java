package rookery.deploy.chaos;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import rookery.access.Identity;
import rookery.access.Join;
import rookery.access.JoinToken;
import rookery.v1.AdminGrpc;
import rookery.v1.AgentView;
import rookery.v1.CreateTokenRequest;
import rookery.v1.ListAgentsRequest;
import rookery.v1.RuleRequest;
import rookery.v1.TokensGrpc;

/// `rookery chaos`: one coordinator and four agents, each a process of its own, customers, faults,
/// and a judge.
final class Chaos {
    private static final int AGENTS = 4;
    private static final int CUSTOMERS = 5;
    private static final int COORDINATOR_DISK_MIB = 512;
    private static final int AGENT_DISK_MIB = 48;
    private static final int CALL_SECONDS = 10;
    private static final int OPEN_SECONDS = 3;

    /// After the last fault everything that was ordered must be done within this.
    private static final Duration CALM = Duration.ofMinutes(4);

    /// How long late logs may still arrive.
    private static final int LOGS_SECONDS = 12;

    private final Path dir;
    private final Options options;
    private final Tally tally = new Tally();
    private final AtomicBoolean armed = new AtomicBoolean();
    private final List<Ending> open = new CopyOnWriteArrayList<>();

    /// What came of a run.
    ///
    /// @param wrong is empty when every promise was kept
    record Verdict(List<String> wrong, Tally tally, String table) {}

    private Chaos(Path dir, Options options) {
        this.dir = dir;
        this.options = options;
    }

    public static void main(String[] args) throws Exception {
        int kills = 200;
        int minutes = 40;
        for (int i = 0; i + 1 < args.length; i += 2) {
            switch (args[i]) {
                case "--kills" -> kills = Integer.parseInt(args[i + 1]);
                case "--minutes" -> minutes = Integer.parseInt(args[i + 1]);
                default -> usage();
            }
        }
        if (args.length % 2 != 0 || kills < 1 || minutes < 1) usage();
        Path dir = Files.createTempDirectory("rookery-chaos");
        Verdict verdict = run(dir, Options.full(kills, Duration.ofMinutes(minutes)));
        System.out.print(verdict.table());
        verdict.wrong().forEach(w -> System.out.println("WRONG: " + w));
        boolean isRight = verdict.wrong().isEmpty();
        System.out.println(
                isRight
                        ? "0 lost jobs, 0 results accepted twice, 0 wrong indexes, no log with a hole"
                        : verdict.wrong().size() + " promises broken; look into " + dir);
        if (isRight) delete(dir);
        System.exit(isRight ? 0 : 1);
    }

    private static void usage() {
        System.err.println("rookery: chaos takes --kills N (200) and --minutes M (40)");
        System.exit(2);
    }

    static void delete(Path dir) throws IOException {
        try (var files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }

    /// Runs a farm in the directory, breaks it, mends it, ends it, and judges what it left.
    static Verdict run(Path dir, Options options)
            throws IOException, InterruptedException, SQLException {
        return new Chaos(dir, options).run();
    }

    private Verdict run() throws IOException, InterruptedException, SQLException {
        Instant began = Instant.now();
        var vertx = Vertx.vertx();
        // Ctrl-C must leave nothing behind either.
        var hook = new Thread(this::endAll, "chaos-end");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            var nets = new ArrayList<Net>();
            for (int n = 1; n <= AGENTS; n++) nets.add(keep(Net.make(n)));
            var hosts = new ArrayList<>(List.of("127.0.0.1"));
            nets.stream().filter(Net::isOwn).forEach(net -> hosts.add(net.address()));
            SmallDisk disk = keep(SmallDisk.make(dir.resolve("coordinator"), COORDINATOR_DISK_MIB));
            var waking = new AtomicReference<Runnable>(() -> {});
            Hub hub =
                    keep(
                            new Hub(
                                    dir,
                                    disk,
                                    hosts,
                                    options.leaseSeconds(),
                                    tally,
                                    armed,
                                    () -> waking.get().run()));
            Ledger.begin(hub.state().resolve("farm.db"));
            Identity admin = join(hub);
            List<Seat> seats = seats(vertx, hub, nets, admin);
            var customers = new Customers(admin, hub, dir, tally);
            waking.set(customers::wake);
            List<String> wrong = play(hub, seats, customers, admin);
            // Logs that go after results have a moment more.
            TimeUnit.SECONDS.sleep(LOGS_SECONDS);
            for (Seat seat : seats) seat.end();
            hub.end();
            wrong.addAll(
                    new Judge(
                                    hub.state(),
                                    customers.ordered(),
                                    seats.stream().map(Seat::errors).toList(),
                                    tally)
                            .judge());
            return new Verdict(wrong, tally, table(began, nets, disk));
        } finally {
            endAll();
            Runtime.getRuntime().removeShutdownHook(hook);
            vertx.close().await();
        }
    }

    private void endAll() {
        for (Ending each : List.copyOf(open).reversed()) {
            try {
                each.end();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private List<String> play(Hub hub, List<Seat> seats, Customers customers, Identity admin)
            throws InterruptedException {
        customers.start(CUSTOMERS);
        armed.set(true);
        var mayhem = new Mayhem(hub, seats, options, tally, armed);
        try {
            Instant end = Instant.now().plus(options.atMost());
            while (!mayhem.isDone() && Instant.now().isBefore(end)) {
                TimeUnit.SECONDS.sleep(OPEN_SECONDS);
                opened(admin);
            }
        } finally {
            mayhem.end();
        }
        // From here on a farm must come to rest by itself, apart from an admin's word for agents
        // that were put into quarantine.
        Thread opener = Thread.ofVirtual().start(() -> keepOpening(admin));
        customers.finish(CALM);
        opener.interrupt();
        opener.join();
        return new ArrayList<>(customers.complaints());
    }

    private void keepOpening(Identity admin) {
        try {
            while (true) {
                TimeUnit.SECONDS.sleep(OPEN_SECONDS);
                opened(admin);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// Agents that are killed so often are quarantined, rightly; an admin who knows why lets them
    /// back in.
    private void opened(Identity admin) {
        var channel = admin.channel();
        try {
            var stub =
                    AdminGrpc.newBlockingV2Stub(channel)
                            .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
            for (AgentView agent :
                    stub.listAgents(ListAgentsRequest.getDefaultInstance()).getAgentsList()) {
                if (!agent.getStanding().equals("quarantined")) continue;
                tally.count("agent quarantined");
                var _ =
                        stub.rule(
                                RuleRequest.newBuilder()
                                        .setAgent(agent.getAgent())
                                        .setStanding("open")
                                        .build());
            }
        } catch (io.grpc.StatusException e) {
            tally.count("call begun again");
        } finally {
            channel.shutdownNow();
        }
    }

    private Identity join(Hub hub) {
        return Join.join(
                URI.create("https://127.0.0.1:" + hub.grpc()),
                JoinToken.parse(hub.token()),
                "customer",
                dir.resolve("customer.identity"),
                InstantSource.system());
    }

    private List<Seat> seats(Vertx vertx, Hub hub, List<Net> nets, Identity admin)
            throws IOException, InterruptedException {
        var seats = new ArrayList<Seat>();
        var channel = admin.channel();
        try {
            for (int n = 0; n < AGENTS; n++) {
                String name = "agent-" + (n + 1);
                String token =
                        TokensGrpc.newBlockingV2Stub(channel)
                                .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
                                .create(
                                        CreateTokenRequest.newBuilder()
                                                .setRole("agent")
                                                .setName(name)
                                                .build())
                                .getToken();
                Net net = nets.get(n);
                seats.add(
                        keep(
                                new Seat(
                                        dir,
                                        name,
                                        net,
                                        FaultProxy.start(vertx, hub.grpc(), net.address()),
                                        keep(SmallDisk.make(dir.resolve(name), AGENT_DISK_MIB)),
                                        token,
                                        tally,
                                        armed)));
            }
            for (Seat seat : seats) seat.awaitJoined();
        } catch (io.grpc.StatusException e) {
            throw new IOException("no token for an agent", e);
        } finally {
            channel.shutdownNow();
        }
        return seats;
    }

    private String table(Instant began, List<Net> nets, SmallDisk disk) throws IOException {
        var out = new StringBuilder(tally.table());
        for (String who : List.of("coordinator", "agents"))
            deaths(dir.resolve(who + ".deaths"))
                    .forEach((point, n) ->
                            out.append(
                                    String.format(
                                            Locale.ROOT,
                                            "  %-42s %8d%n",
                                            who + " at " + point,
                                            n)));
        out.append(
                String.format(
                        Locale.ROOT,
                        "%d s; partitions by %s, full disks %s; load %s on %d cores%n",
                        Duration.between(began, Instant.now()).toSeconds(),
                        nets.getFirst().isOwn() ? "iptables" : "the proxy",
                        disk.isOwn() ? "by tmpfs" : "left out: needs root",
                        Files.readString(Path.of("/proc/loadavg")).split(" ", -1)[1],
                        Runtime.getRuntime().availableProcessors()));
        return out.toString();
    }

    private static Map<String, Long> deaths(Path file) throws IOException {
        if (!Files.exists(file)) return new TreeMap<>();
        return Files.readAllLines(file).stream()
                .collect(Collectors.groupingBy(l -> l, TreeMap::new, Collectors.counting()));
    }

    private <T extends Ending> T keep(T opened) {
        open.add(opened);
        return opened;
    }
}
