package rookery.cli.dev;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import rookery.access.Identity;
import rookery.cli.farm.Joining;
import rookery.model.Blame;
import rookery.model.RookeryException;
import rookery.oci.json.Json;
import rookery.v1.CreateTokenRequest;
import rookery.v1.TokensGrpc;

/// A coordinator and its agents as children of this process.
public final class LocalFarm implements AutoCloseable {
    public static final int MOST_AGENTS = 64;

    private static final int ANSWER_SECONDS = 30;

    /// How much a coordinator says before it serves.
    private static final int SAID_BYTES = 64 << 10;

    private static final int DRAINING_SECONDS = 2;
    private static final int ENDING_SECONDS = 30;
    private static final String PORTS = "ports";

    private final Settings settings;
    private final List<Process> agents = new ArrayList<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final Process coordinator;
    private final String url;
    private final String web;

    /// How it is set up.
    ///
    /// @param directory of everything that it keeps; what a farm left there goes on
    /// @param slots of each agent
    /// @param env the children's, beside what is theirs alone
    public record Settings(Path directory, int agents, int slots, Map<String, String> env) {
        public Settings {
            env = new TreeMap<>(env);
            if (agents < 1 || agents > MOST_AGENTS || slots < 1)
                throw new RookeryException(
                        Blame.SPEC,
                        "a farm for oneself has 1 to " + MOST_AGENTS + " agents, not " + agents);
        }

        /// Where the user who owns the farm has its identity: as `XDG_CONFIG_HOME`.
        public Path config() {
            return directory.resolve("config");
        }
    }

    private LocalFarm(Settings settings, Process coordinator, String url, String web) {
        this.settings = settings;
        this.coordinator = coordinator;
        this.url = url;
        this.web = web;
    }

    /// Starts all of it; returns when the coordinator serves and the agents are on their way.
    ///
    /// @throws RookeryException with blame HOST when something does not start
    public static LocalFarm start(Settings settings) {
        try {
            Files.createDirectories(settings.directory());
            List<String> ports = ports(settings);
            Process coordinator =
                    child(
                            settings,
                            "coordinator",
                            new TreeMap<>(),
                            List.of(
                                    "coordinator",
                                    "--state",
                                    settings.directory().resolve("state").toString(),
                                    "--output",
                                    "json",
                                    "--grpc-port",
                                    ports.get(0),
                                    "--blob-port",
                                    ports.get(1),
                                    "--web-port",
                                    ports.get(2)));
            boolean isStarted = false;
            Optional<LocalFarm> farm = Optional.empty();
            try {
                Map<String, Json> said = said(settings, coordinator);
                farm =
                        Optional.of(
                                new LocalFarm(
                                        settings,
                                        coordinator,
                                        text(said, "grpc"),
                                        text(said, "web")));
                Files.write(
                        settings.directory().resolve(PORTS),
                        List.of(
                                port(text(said, "grpc")),
                                port(text(said, "blobs")),
                                port(text(said, "web"))));
                farm.get().staff(Optional.ofNullable(said.get("admin_token")).map(LocalFarm::text));
                isStarted = true;
                return farm.get();
            } finally {
                if (!isStarted) {
                    farm.ifPresent(LocalFarm::close);
                    coordinator.destroyForcibly();
                }
            }
        } catch (IOException e) {
            throw new RookeryException(
                    Blame.HOST,
                    "the farm in " + settings.directory() + " could not be started: " + e,
                    e);
        }
    }

    /// As before, so that identities go on; any that are free for a new one.
    private static List<String> ports(Settings settings) throws IOException {
        Path file = settings.directory().resolve(PORTS);
        if (!Files.exists(file)) return List.of("0", "0", "0");
        List<String> ports = Files.readAllLines(file);
        return ports.size() == 3 ? ports : List.of("0", "0", "0");
    }

    private void staff(Optional<String> adminToken) throws IOException {
        var env = new TreeMap<>(settings.env());
        env.put("XDG_CONFIG_HOME", settings.config().toString());
        var joining = new Joining(env, InstantSource.system());
        Identity owner =
                adminToken.isPresent()
                        ? joining.client(url, adminToken, "owner")
                        : joining.pick(Optional.of(url));
        ManagedChannel channel = owner.channel();
        try {
            for (int n = 1; n <= settings.agents(); n++) agents.add(agent(channel, "dev-" + n));
        } catch (StatusException e) {
            throw new RookeryException(
                    Blame.HOST, "the coordinator gave no token for an agent: " + e.getStatus(), e);
        } finally {
            channel.shutdownNow();
        }
        var _ =
                coordinator
                        .onExit()
                        .thenAccept(p ->
                                ended.complete(
                                        "the coordinator ended with status "
                                                + p.exitValue()
                                                + "; see "
                                                + log(settings, "coordinator")));
    }

    private Process agent(ManagedChannel channel, String name) throws IOException, StatusException {
        Path identity = settings.directory().resolve(name);
        var own = new TreeMap<String, String>();
        if (!Files.exists(identity))
            own.put(
                    "ROOKERY_TOKEN",
                    TokensGrpc.newBlockingV2Stub(channel)
                            .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
                            .create(
                                    CreateTokenRequest.newBuilder()
                                            .setRole("agent")
                                            .setName(name)
                                            .build())
                            .getToken());
        return child(
                settings,
                name,
                own,
                List.of(
                        "agent",
                        "--join",
                        url,
                        "--name",
                        name,
                        "--slots",
                        Integer.toString(settings.slots()),
                        "--identity",
                        identity.toString()));
    }

    private static Process child(
            Settings settings, String name, Map<String, String> own, List<String> words)
            throws IOException {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:+UseCompactObjectHeaders",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx512m",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "rookery.cli.Main"));
        command.addAll(words);
        var builder =
                new ProcessBuilder(command)
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectError(
                                ProcessBuilder.Redirect.appendTo(log(settings, name).toFile()));
        builder.environment().clear();
        builder.environment().putAll(settings.env());
        builder.environment().putAll(own);
        return builder.start();
    }

    private static Path log(Settings settings, String name) {
        return settings.directory().resolve(name + ".log");
    }

    /// The first and only thing that a coordinator says on stdout.
    private static Map<String, Json> said(Settings settings, Process coordinator)
            throws IOException {
        var text = new StringBuilder();
        InputStream out = coordinator.getInputStream();
        byte[] some = new byte[SAID_BYTES];
        while (text.length() < SAID_BYTES) {
            int n = out.read(some);
            if (n < 0)
                throw new RookeryException(
                        Blame.HOST,
                        "the coordinator did not start; "
                                + log(settings, "coordinator")
                                + " says why");
            text.append(new String(some, 0, n, UTF_8));
            if (text.toString().stripTrailing().endsWith("}")) break;
        }
        if (Json.parse(text.toString().getBytes(UTF_8)) instanceof Json.Obj(var members))
            return members;
        throw new RookeryException(Blame.BUG, "the coordinator said something else: " + text);
    }

    private static String text(Map<String, Json> said, String name) {
        Json value = said.get(name);
        if (value == null)
            throw new RookeryException(Blame.BUG, "the coordinator did not say its " + name);
        return text(value);
    }

    private static String text(Json value) {
        if (value instanceof Json.Text(String text)) return text;
        throw new RookeryException(Blame.BUG, "the coordinator said " + value + " and not a text");
    }

    private static String port(String address) {
        String rest = address.substring(address.indexOf("://") + 3);
        int colon = rest.lastIndexOf(':');
        return rest.substring(colon + 1).replaceAll("\\D.*", "");
    }

    /// Its gRPC address.
    public String url() {
        return url;
    }

    /// The dashboard.
    public String web() {
        return web;
    }

    /// Completes with a sentence when the farm cannot go on.
    public CompletableFuture<String> ended() {
        return ended.copy();
    }

    /// Ends its children: the agents first, at once; the coordinator in order.
    @Override
    public void close() {
        agents.forEach(Process::destroy);
        boolean drained = true;
        for (Process agent : agents) drained &= await(agent, DRAINING_SECONDS);
        if (!drained) agents.forEach(Process::destroy); // the second one means at once
        agents.forEach(LocalFarm::end);
        coordinator.destroy();
        end(coordinator);
    }

    private static void end(Process process) {
        if (!await(process, ENDING_SECONDS)) {
            process.destroyForcibly();
            await(process, ENDING_SECONDS);
        }
    }

    private static boolean await(Process process, int seconds) {
        try {
            return process.waitFor(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return !process.isAlive();
        }
    }
}
