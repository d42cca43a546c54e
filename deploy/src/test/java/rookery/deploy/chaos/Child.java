package rookery.deploy.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// One process that this one started.
final class Child {
    private static final int DYING_SECONDS = 20;

    private final Process process;
    private final CompletableFuture<String> serving = new CompletableFuture<>();
    private volatile long servingSince;

    private Child(Process process) {
        this.process = process;
    }

    /// Starts a main of these tests.
    ///
    /// @param prefix what enters a network namespace; empty for none
    /// @param errors gets what it says on stderr, behind what its predecessors said
    static Child start(List<String> prefix, Class<?> main, Arguments told, Path errors)
            throws IOException {
        var command = new ArrayList<>(prefix);
        command.addAll(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx192m",
                        "-Xshare:auto",
                        "--enable-native-access=ALL-UNNAMED",
                        // SQLite's library is unpacked at each start, and who is killed leaves it
                        // there.
                        "-Dorg.sqlite.tmpdir=" + errors.toAbsolutePath().getParent(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName()));
        command.addAll(told.words());
        Process process =
                new ProcessBuilder(command)
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                        .start();
        var child = new Child(process);
        var _ = Thread.ofVirtual().start(child::listen);
        return child;
    }

    private void listen() {
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                if (line.startsWith("serving")) {
                    servingSince = System.nanoTime();
                    serving.complete(line);
                }
            }
        } catch (IOException e) {
            serving.completeExceptionally(e);
        }
        serving.completeExceptionally(new IOException("it ended before it served"));
    }

    /// What it said when it was ready; fails when it ended before.
    CompletableFuture<String> serving() {
        return serving;
    }

    boolean isServing() {
        return process.isAlive() && serving.isDone() && !serving.isCompletedExceptionally();
    }

    /// For how long it has served; less than nothing while it does not.
    long servingMs() {
        return isServing() ? (System.nanoTime() - servingSince) / 1_000_000 : -1;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /// SIGKILL.
    void kill() {
        process.destroyForcibly();
    }

    /// SIGSTOP or SIGCONT.
    void signal(String name) throws InterruptedException {
        if (process.isAlive()) Shell.attempt("kill", "-" + name, Long.toString(process.pid()));
    }

    /// Waits for its end; the status it ended with.
    int await() throws InterruptedException {
        return process.waitFor();
    }

    /// SIGTERM, and SIGKILL when that does not help.
    void end() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(DYING_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            process.waitFor();
        }
    }
}
