package rookery.agent.exec;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
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

    /// An interrupt leaves no process behind: either it is never started, or it is gone.
    Process start(ProcessBuilder builder) throws IOException, InterruptedException {
        // Whoever sets it first decides whether the process is started.
        var decided = new AtomicBoolean();
        var started = new CompletableFuture<Process>();
        thread.execute(() -> {
            if (!decided.compareAndSet(false, true)) return;
            try {
                started.complete(builder.start());
            } catch (Throwable e) {
                started.completeExceptionally(e);
            }
        });
        try {
            return started.get();
        } catch (InterruptedException e) {
            if (!decided.compareAndSet(false, true)) end(started);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) throw io;
            throw new RookeryException(
                    Blame.BUG,
                    "starting " + builder.command().getFirst() + " failed",
                    e.getCause());
        }
    }

    /// Waits for the start, then for the end. Both are near, and neither wait hears an interrupt.
    private static void end(CompletableFuture<Process> started) {
        Optional<Process> process = started.handle((p, _) -> Optional.ofNullable(p)).join();
        process.ifPresent(p -> p.destroyForcibly().onExit().join());
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
