package rookery.agent.exec;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// Starts every process from one platform thread that lives as long as the agent.
///
/// The kernel ends a process that asked for it (`--die-with-parent`) when the *thread* that started
/// it ends, and the carriers of virtual threads come and go.
final class Spawner implements AutoCloseable {
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("spawner").factory());

    Process start(ProcessBuilder builder) throws IOException, InterruptedException {
        try {
            return thread.submit(builder::start).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) throw io;
            throw new RookeryException(
                    Blame.BUG,
                    "starting " + builder.command().getFirst() + " failed",
                    e.getCause());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
