package rookery.agent.workspace;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.agent.exec.Ended;
import rookery.agent.exec.LogSink;
import rookery.agent.exec.Sandbox;
import rookery.agent.host.PortableToolchain;
import rookery.agent.recipe.Place;
import rookery.agent.recipe.Recipe;
import rookery.agent.recipe.Stage;
import rookery.agent.recipe.Staged;
import rookery.model.Blame;
import rookery.model.RookeryException;
import rookery.model.Target;
import rookery.oci.Digest;
import rookery.oci.layout.Sha256;

/// The portable toolchain on this machine: its Prefix, made once, and per CHOST the C compiler's
/// cache, warmed once and copied for each step (the compiler writes into it, and a step's writes
/// must not reach another step).
public final class ToolchainHome {
    private static final Path PYTHON = Path.of("/usr/bin/python3");
    private static final Duration DOWNLOAD = Duration.ofMinutes(15);
    private static final Duration COPY = Duration.ofMinutes(15);
    private static final int SHORT = 16;

    private final Cache cache;
    private final Sandbox sandbox;
    private final PortableToolchain toolchain;
    private final SortedMap<String, String> environment;

    /// @param environment the agent's own, for pip
    public ToolchainHome(
            Cache cache,
            Sandbox sandbox,
            PortableToolchain toolchain,
            SortedMap<String, String> environment) {
        this.cache = cache;
        this.sandbox = sandbox;
        this.toolchain = toolchain;
        this.environment = new TreeMap<>(environment);
    }

    /// The resources as files: the set-up script and the overlay among them.
    public Path setup() throws IOException, InterruptedException {
        return cache.once(
                "setup/" + toolchain.identity().hex().substring(0, SHORT),
                empty -> {
                    toolchain.extract(empty);
                    Modes.openTree(empty);
                });
    }

    /// The Prefix. The first time this takes a minute and needs the package index.
    public Path prefix(LogSink log) throws IOException, InterruptedException {
        return cache.once(
                "prefix/" + name(toolchain.prefixIdentity()), empty -> makePrefix(empty, log));
    }

    /// A copy of the C compiler's warm cache, at this place, which must not be there yet. The first
    /// time for a CHOST this takes minutes.
    public void copyWarm(Target target, Path to, LogSink log)
            throws IOException, InterruptedException {
        Path prefix = prefix(log);
        // zig believes its cache only while the sources of its C library are the very same files:
        // unpacked anew, with other inodes and times, it compiles them all again, in every step.
        Path warm =
                cache.once(
                        "zig/" + prefix.getFileName() + "/" + target.chost(),
                        empty -> warm(target, prefix, empty, log));
        // A copy that shares blocks costs nothing, where the file system can do it.
        Ended ended =
                sandbox.host()
                        .run(
                                List.of(
                                        "/bin/cp",
                                        "-a",
                                        "--reflink=auto",
                                        warm.toString(),
                                        to.toString()),
                                new TreeMap<>(),
                                cache.root(),
                                COPY,
                                log);
        demand(ended, "copying the C compiler's cache to " + to, "look at the disk's free space");
    }

    /// The Prefix belongs to the python that it was made of.
    private static String name(Digest identity) throws IOException {
        if (!Files.isExecutable(PYTHON))
            throw new RookeryException(
                    Blame.HOST,
                    PYTHON + " is missing; install the packages python3 and python3-venv");
        Path python = PYTHON.toRealPath();
        String text = identity + " " + python + " " + Sha256.of(python).digest();
        return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex().substring(0, SHORT);
    }

    private void makePrefix(Path empty, LogSink log) throws IOException, InterruptedException {
        log.note("making the portable toolchain's prefix (once per machine)");
        Path wheels = wheels(log);
        try (Room room = cache.room("prefix")) {
            Path etc = room.directory("etc");
            SyntheticEtc.write(etc);
            Map<Place, String> places = new EnumMap<>(Place.class);
            places.put(Place.ETC, etc.toString());
            places.put(Place.PREFIX, empty.toString());
            places.put(Place.SETUP, setup().toString());
            places.put(Place.WHEELS, wheels.toString());
            places.put(Place.BUILD, room.directory("build").toString());
            run(Recipe.prefix(new Staged(places, new TreeMap<>(), new TreeMap<>(), false)), log);
        }
        Modes.open(empty);
    }

    private void warm(Target target, Path prefix, Path empty, LogSink log)
            throws IOException, InterruptedException {
        log.note("warming the C compiler's cache for " + target.chost() + " (once per machine)");
        try (Room room = cache.room("warm")) {
            Path etc = room.directory("etc");
            SyntheticEtc.write(etc);
            Map<Place, String> places = new EnumMap<>(Place.class);
            places.put(Place.ETC, etc.toString());
            places.put(Place.PREFIX, prefix.toString());
            places.put(Place.ZIG, empty.toString());
            places.put(Place.SYSROOT, room.directory("sysroot").toString());
            places.put(Place.BUILD, room.directory("build").toString());
            run(
                    Recipe.warm(
                            target, new Staged(places, new TreeMap<>(), new TreeMap<>(), false)),
                    log);
        }
    }

    /// By the ordinary client with the agent's own configuration, outside of any sandbox: wheels
    /// are only downloaded here, not run.
    private Path wheels(LogSink log) throws IOException, InterruptedException {
        String place = "wheels/" + PortableToolchain.PORTAGE + "-" + PortableToolchain.ZIG;
        return cache.once(
                place,
                empty -> {
                    try (Room room = cache.room("pip")) {
                        Path venv = room.directory("venv");
                        pip(
                                List.of(PYTHON.toString(), "-m", "venv", venv.toString()),
                                "python3 -m venv",
                                "install the package python3-venv",
                                log);
                        pip(
                                List.of(
                                        venv.resolve("bin/python3").toString(),
                                        "-m",
                                        "pip",
                                        "download",
                                        "--quiet",
                                        "--no-deps",
                                        "--only-binary",
                                        ":all:",
                                        "--dest",
                                        empty.toString(),
                                        "--require-hashes",
                                        "--requirement",
                                        setup().resolve("requirements.txt").toString()),
                                "pip download of the portable toolchain",
                                "see whether pip reaches its index from this machine (PIP_INDEX_URL, proxies)",
                                log);
                    }
                    Modes.openTree(empty);
                });
    }

    private void pip(List<String> argv, String what, String remedy, LogSink log)
            throws InterruptedException {
        Ended ended = sandbox.host().run(argv, environment, cache.root(), DOWNLOAD, log);
        if (ended instanceof Ended.Exited exited && exited.status() != 0 && what.startsWith("pip"))
            throw new RookeryException(Blame.UPSTREAM, sentence(what, exited, remedy));
        demand(ended, what, remedy);
    }

    private void run(Stage stage, LogSink log) throws IOException, InterruptedException {
        Ended ended = sandbox.run(stage.command(), log);
        demand(ended, "the toolchain's set-up '" + stage.phase() + "'", "see the log above");
    }

    private static void demand(Ended ended, String what, String remedy)
            throws InterruptedException {
        switch (ended) {
            case Ended.Exited exited when exited.status() == 0 -> {}
            case Ended.Exited exited ->
                    throw new RookeryException(Blame.HOST, sentence(what, exited, remedy));
            case Ended.TimedOut() ->
                    throw new RookeryException(
                            Blame.HOST, what + " did not end in its time; " + remedy);
            case Ended.Killed() -> throw new InterruptedException(what + " was cancelled");
        }
    }

    private static String sentence(String what, Ended.Exited exited, String remedy) {
        List<String> errors = exited.errors();
        String said =
                String.join(" / ", errors.subList(Math.max(0, errors.size() - 3), errors.size()));
        return what + " ended with status " + exited.status() + ": " + said + "; " + remedy;
    }
}
