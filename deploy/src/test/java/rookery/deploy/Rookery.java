package rookery.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import rookery.oci.json.Json;

/// The program as a user has it: a process of its own, with an environment of its own. Toolchains
/// and compilers' caches are the user's own, so that only the first run on a machine makes them;
/// results are the test's.
record Rookery(Path state, Map<String, String> env, String host) {
    private static final long MINUTES = 40;
    static final int PATIENCE_SECONDS = 120;
    private static final Path HOME = checkout();

    /// What a process said.
    record Said(int exit, String out, String err) {
        Json json() {
            return Json.parse(out.getBytes(UTF_8));
        }
    }

    static Rookery with(Path state) {
        return new Rookery(state, new TreeMap<>(), "");
    }

    Rookery env(String name, String value) {
        var more = new TreeMap<>(env);
        more.put(name, value);
        return new Rookery(state, more, host);
    }

    /// Runs it on a machine of that name, as far as a process can tell.
    Rookery hostname(String name) {
        return new Rookery(state, env, name);
    }

    /// The checkout that is being tested.
    static Path checkout() {
        for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
            if (Files.isRegularFile(p.resolve("rookery"))) return p;
        }
        throw new IllegalStateException("the tests do not run inside of a checkout");
    }

    static Path example(String name) {
        return HOME.resolve("examples").resolve(name);
    }

    Said run(Path directory, String... args) throws IOException, InterruptedException {
        return process(directory, environment(), command(args));
    }

    /// Starts it and lets it run.
    Process start(Path directory, Path out, Path err, String... args) throws IOException {
        var builder =
                new ProcessBuilder(command(args))
                        .directory(directory.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().putAll(environment());
        return builder.start();
    }

    /// Looks again and again until a program has said something: there is nobody who would tell.
    static void awaitLine(Path file, String words, Process by)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!Files.exists(file) || !Files.readString(file).contains(words)) {
            if (System.nanoTime() > end) throw new IOException(file + " never said " + words);
            if (by.waitFor(100, TimeUnit.MILLISECONDS)) {
                Path err = Path.of(file.toString().replace(".out", ".err"));
                throw new IOException(
                        file + " ended with " + by.exitValue() + ": " + Files.readString(err));
            }
        }
    }

    private Map<String, String> environment() {
        var all = new TreeMap<>(env);
        all.put("XDG_STATE_HOME", state.toString());
        all.put("ROOKERY_HOME", HOME.toString());
        return all;
    }

    private static List<String> command(String... args) {
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "rookery.cli.Main"));
        command.addAll(List.of(args));
        return command;
    }

    /// Runs any program to its end.
    static Said process(Path directory, Map<String, String> env, List<String> command)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("said", ".out");
        Path err = Files.createTempFile("said", ".err");
        try {
            var builder =
                    new ProcessBuilder(command)
                            .directory(directory.toFile())
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile());
            builder.environment().putAll(env);
            Process process = builder.start();
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IOException(command + " did not end: " + Files.readString(err));
            }
            return new Said(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }

    static Said process(Path directory, String... command)
            throws IOException, InterruptedException {
        return process(directory, new TreeMap<>(), List.of(command));
    }

    /// A copy of a project without what earlier builds left in it.
    static Path copy(Path project, Path to) throws IOException {
        try (var files = Files.walk(project)) {
            for (Path file :
                    files.filter(f -> !project.relativize(f).startsWith("dist")).toList()) {
                Path target = to.resolve(project.relativize(file).toString());
                if (Files.isDirectory(file)) Files.createDirectories(target);
                else Files.copy(file, target);
            }
        }
        return to;
    }
}
