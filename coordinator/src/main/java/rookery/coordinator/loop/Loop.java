package rookery.coordinator.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import rookery.coordinator.farm.Changes;
import rookery.coordinator.farm.Effect;
import rookery.coordinator.farm.Event;
import rookery.coordinator.farm.Farm;
import rookery.model.AgentId;
import rookery.model.Blame;
import rookery.model.Limits;
import rookery.model.RookeryException;
import rookery.oci.Digest;

/// Drives a [Farm]. Events may be posted from any thread; listeners and effects are called on the
/// loop's own.
public final class Loop implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Loop.class.getName());
    private static final Duration TICK = Duration.ofMillis(500);

    /// Ticks that are further apart than this on the wall clock mean that the machine stood still.
    private static final Duration PAUSE = Duration.ofSeconds(10);

    /// What is saved before anything is said.
    @FunctionalInterface
    public interface Saver {
        void save(Changes changes, Instant now);
    }

    /// Whether there may be a saved result of one of these names. Asked on the loop's thread, for
    /// each step: it must not wait for anybody.
    @FunctionalInterface
    public interface Known {
        boolean any(List<Digest> keys);
    }

    private final BlockingQueue<Turns.Entry> queue = new ArrayBlockingQueue<>(Limits.QUEUE);
    private final Turns turns;
    private final InstantSource clock;
    private final CompletableFuture<RookeryException> died = new CompletableFuture<>();
    private final Set<Consumer<RookeryException>> mourners = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile boolean closed;

    /// @param effects starts an effect and returns at once
    public Loop(Farm start, Saver saver, Consumer<Effect> effects, InstantSource clock) {
        this(start, saver, effects, clock, _ -> true);
    }

    /// @param effects starts an effect and returns at once
    /// @param known spares the recall of what was never made
    public Loop(
            Farm start, Saver saver, Consumer<Effect> effects, InstantSource clock, Known known) {
        this.turns = new Turns(start, saver, effects, clock, known);
        this.clock = clock;
        this.thread = Thread.ofPlatform().name("farm-loop").unstarted(this::run);
    }

    /// Starts the thread, and again every effect that was outstanding when the last coordinator
    /// ended.
    public void start() {
        turns.resume();
        thread.start();
    }

    /// The newest farm that is safe on disk.
    public Farm snapshot() {
        return turns.snapshot();
    }

    /// Calls back after every batch that changed something, with the farm after it.
    public Runnable listen(Consumer<Farm> listener) {
        return turns.listen(listener);
    }

    /// Calls back after every batch that changed what the farm wants of this agent, or took in what
    /// the agent said; a farm of a thousand agents mostly moves one.
    public Runnable listen(AgentId agent, Consumer<Farm> listener) {
        return turns.listen(agent, listener);
    }

    /// Posts an event whose end nobody waits for.
    public void post(Event event) {
        var _ = ask(event);
    }

    /// Posts an event. Waits while the queue is full: that is the back pressure on whoever posts.
    ///
    /// @return the farm once the event is applied and saved; fails with a [RookeryException] when
    ///   the loop has ended
    public CompletableFuture<Farm> ask(Event event) {
        var entry = new Turns.Entry(event, new CompletableFuture<>());
        try {
            while (!closed && !queue.offer(entry, TICK.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "the farm''s queue of {0} events is full",
                        Limits.QUEUE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            entry.answer().completeExceptionally(e);
        }
        if (closed)
            entry.answer()
                    .completeExceptionally(
                            new RookeryException(Blame.HOST, "the coordinator is stopping"));
        return entry.answer();
    }

    /// Completes when the loop could not go on: its state in memory and on disk would differ
    /// otherwise.
    public CompletableFuture<RookeryException> died() {
        return died;
    }

    /// Calls back when the loop could not go on, at once if it has ended already. For what comes
    /// and goes, as streams do: a future never lets go of whoever hangs on it.
    ///
    /// @return ends the interest
    public Runnable whenDied(Consumer<RookeryException> mourner) {
        mourners.add(mourner);
        RookeryException why = died.getNow(null);
        if (why != null && mourners.remove(mourner)) mourner.accept(why);
        return () -> mourners.remove(mourner);
    }

    private void run() {
        var batch = new ArrayList<Turns.Entry>(Limits.BATCH);
        try {
            long tickAt = System.nanoTime() + TICK.toNanos();
            Instant ticked = clock.instant();
            while (!closed) {
                long wait = Math.max(0, tickAt - System.nanoTime());
                Turns.Entry first = queue.poll(wait, TimeUnit.NANOSECONDS);
                batch.clear();
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, Limits.BATCH - 1);
                }
                if (!batch.isEmpty()) turns.turn(batch);
                // Also while events keep coming, or an agent that fell silent would never be
                // missed.
                if (System.nanoTime() - tickAt >= 0) {
                    Instant now = clock.instant();
                    boolean slept = Duration.between(ticked, now).abs().compareTo(PAUSE) > 0;
                    turns.turn(
                            List.of(
                                    new Turns.Entry(
                                            new Event.Ticked(now, slept),
                                            new CompletableFuture<>())));
                    ticked = now;
                    tickAt = System.nanoTime() + TICK.toNanos();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            RookeryException why =
                    e instanceof RookeryException known
                            ? known
                            : new RookeryException(
                                    Blame.BUG,
                                    "the coordinator stopped because its state broke a rule of its own: "
                                            + e,
                                    e);
            LOG.log(System.Logger.Level.ERROR, "the farm''s loop ended", why);
            closed = true;
            died.complete(why);
            for (Consumer<RookeryException> mourner : List.copyOf(mourners)) {
                if (mourners.remove(mourner)) mourner.accept(why);
            }
        }
        // Those of a batch that could not be saved were told nothing yet.
        var left = new ArrayList<>(batch);
        queue.drainTo(left);
        left.forEach(e ->
                e.answer()
                        .completeExceptionally(
                                new RookeryException(Blame.HOST, "the coordinator is stopping")));
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
