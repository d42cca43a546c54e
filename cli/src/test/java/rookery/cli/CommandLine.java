package rookery.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import rookery.cli.farm.FarmClient;

/// Runs commands as a person would, in a directory of the test's own.
final class CommandLine {
    /// What a command left behind.
    record Ran(int code, String out, String err) {}

    final Path directory;
    final Map<String, String> env = new TreeMap<>();
    private final FarmClient.Starter farms;

    CommandLine(Path directory, FarmClient.Starter farms) {
        this.directory = directory;
        this.farms = farms;
        env.put("HOME", directory.resolve("home").toString());
    }

    Ran run(String... args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var context =
                new Context(
                        env,
                        directory,
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Terminal.none(),
                        farms,
                        _ -> farms.start(),
                        InstantSource.fixed(Instant.ofEpochMilli(FakeFarm.START_MS + 60_000)),
                        new Interrupts(),
                        () -> "request");
        int code = Main.run(context, args);
        return new Ran(
                code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /// A small project with a spec in the working directory.
    void project(String spec) throws IOException {
        write("rookery.yaml", spec);
        write("go.mod", "module example.org/app\n\ngo 1.26\n");
        write("main.go", "package main\n\nfunc main() {}\n");
    }

    void write(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
