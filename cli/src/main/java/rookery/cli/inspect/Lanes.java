package rookery.cli.inspect;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Works on many small things with several threads, and hands on what comes of them in the order in
/// which they came, on the thread that brings them.
///
/// At first that thread works alone: as long as the JVM interprets most of the code, a second
/// thread only runs more of it interpreted, and a tree of a few thousand files takes longer with
/// it.
final class Lanes<I, O> implements AutoCloseable {
    /// Handing over costs more than one small file.
    private static final int BATCH = 32;

    /// What is brought faster than it is worked on waits here, or makes the bringer wait.
    private static final int MAX_BATCHES_AHEAD = 64;

    private final int threads;
    private final Function<I, O> work;
    private final BiConsumer<I, O> sink;
    private final long helpedFrom;
    private @Nullable ExecutorService pool;
    private final Deque<Batch<I, O>> ahead = new ArrayDeque<>();
    private List<I> next = new ArrayList<>(BATCH);

    private record Batch<I, O>(List<I> in, Future<List<O>> out) {}

    /// @param threads 1 works on the calling thread
    /// @param alone how long it works without the others
    Lanes(int threads, Duration alone, Function<I, O> work, BiConsumer<I, O> sink) {
        this.threads = threads;
        this.work = work;
        this.sink = sink;
        this.helpedFrom = System.nanoTime() + alone.toNanos();
    }

    void add(I item) {
        if (pool == null && (threads == 1 || System.nanoTime() - helpedFrom < 0)) {
            sink.accept(item, work.apply(item));
            return;
        }
        next.add(item);
        if (next.size() == BATCH) {
            submit();
            while (ahead.size() > MAX_BATCHES_AHEAD || isReady()) {
                handOn();
            }
        }
    }

    /// Waits until everything was handed on.
    void finish() {
        submit();
        while (!ahead.isEmpty()) {
            handOn();
        }
    }

    private boolean isReady() {
        Batch<I, O> oldest = ahead.peek();
        return oldest != null && oldest.out().isDone();
    }

    private void submit() {
        if (next.isEmpty()) return;
        List<I> batch = next;
        next = new ArrayList<>(BATCH);
        if (pool == null) pool = Executors.newFixedThreadPool(threads);
        ahead.add(
                new Batch<>(
                        batch,
                        pool.submit(() -> {
                            List<O> out = new ArrayList<>(batch.size());
                            for (I item : batch) {
                                out.add(work.apply(item));
                            }
                            return out;
                        })));
    }

    private void handOn() {
        Batch<I, O> oldest = ahead.remove();
        List<O> out = result(oldest.out());
        for (int i = 0; i < out.size(); i++) {
            sink.accept(oldest.in().get(i), out.get(i));
        }
    }

    private static <O> List<O> result(Future<List<O>> batch) {
        try {
            return batch.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) throw error;
            if (e.getCause() instanceof RuntimeException bug) throw bug;
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while files were looked at", e);
        }
    }

    @Override
    public void close() {
        if (pool != null) pool.shutdownNow();
    }
}
