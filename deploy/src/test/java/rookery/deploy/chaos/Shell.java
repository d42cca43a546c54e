package rookery.deploy.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/// Commands of the system.
final class Shell {
    private static final int SECONDS = 20;

    private Shell() {}

    /// Runs a command that must succeed.
    static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
        if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) process.destroyForcibly();
        if (process.waitFor() != 0)
            throw new IOException(String.join(" ", command) + " failed: " + said);
    }

    /// Runs a command whose failure changes nothing.
    static void attempt(String... command) throws InterruptedException {
        try {
            run(command);
        } catch (IOException e) {
            System.err.println("chaos: " + e.getMessage());
        }
    }
}
