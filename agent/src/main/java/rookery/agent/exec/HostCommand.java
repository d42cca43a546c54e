package rookery.agent.exec;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// Runs the agent's own few tools, such as pip or apt-get, without walls: never anything of a job.
public final class HostCommand {
    private final Spawner spawner;

    HostCommand(Spawner spawner) {
        this.spawner = spawner;
    }

    /// Blocks until the command has ended.
    ///
    /// @param env all of it
    /// @throws RookeryException with blame HOST where the program cannot be started
    public Ended run(
            List<String> argv, Map<String, String> env, Path directory, Duration limit, LogSink log)
            throws InterruptedException {
        var builder = new ProcessBuilder(argv).directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(env);
        try {
            return Running.watch(spawner.start(builder), "", limit, log);
        } catch (IOException e) {
            throw new RookeryException(
                    Blame.HOST,
                    "starting "
                            + argv.getFirst()
                            + " failed: "
                            + e.getMessage()
                            + "; install what provides it",
                    e);
        }
    }
}
