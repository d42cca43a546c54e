package rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterruptTest {
    private static final long PATIENCE_SECONDS = 120;

    @TempDir private Path directory;

    /// Builds with a farm whose job never ends by itself; started in a JVM of its own.
    static final class Endless {
        private Endless() {}

        public static void main(String[] args) throws IOException {
            Path directory = Path.of(args[0]);
            var farm = new FakeFarm(directory.resolve("farm"));
            farm.hangs = true;
            var interrupts = new Interrupts();
            Runtime.getRuntime().addShutdownHook(interrupts.hook());
            var context =
                    new Context(
                            Map.of("HOME", args[0]),
                            directory,
                            System.out,
                            System.err,
                            Terminal.none(),
                            farm::start,
                            _ -> farm.start(),
                            Clock.systemUTC(),
                            interrupts,
                            () -> "request");
            int code = Main.run(context, "build", "--progress=plain");
            System.err.println("the command ended with " + code);
            interrupts.finish();
            System.exit(code);
        }
    }

    @Test
    void ctrlCCancelsTheJobAndEndsWithThirty() throws IOException, InterruptedException {
        Files.writeString(
                directory.resolve("rookery.yaml"),
                "version: 1\nproject: app\nbuilds: [{}]\nplatforms: [linux/amd64]\n");
        Files.writeString(directory.resolve("go.mod"), "module app\n");
        Files.writeString(directory.resolve("main.go"), "package main\n");
        Process build =
                new ProcessBuilder(
                                // Whoever runs the tests in the background ignores SIGINT, and a
                                // JVM that inherits that never hears it.
                                "env",
                                "--default-signal=INT",
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Endless.class.getName(),
                                directory.toString())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        var _ =
                build.onExit()
                        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                        .whenComplete((_, late) -> build.destroyForcibly());
        try (var err =
                new BufferedReader(
                        new InputStreamReader(build.getErrorStream(), StandardCharsets.UTF_8))) {
            String first = err.readLine();
            assertThat(first).contains("modules  started");
            // What a terminal's Ctrl-C sends.
            new ProcessBuilder("kill", "-INT", Long.toString(build.pid())).start().waitFor();
            String rest = err.lines().collect(Collectors.joining("\n"));
            assertThat(rest)
                    .contains("rookery: cancelling job j1")
                    .contains("rookery: cancelled (exit code 30)")
                    .contains("the command ended with 30");
            assertThat(build.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(build.exitValue()).isEqualTo(30);
        } finally {
            build.destroyForcibly();
        }
    }
}
