package rookery.coordinator.loop;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import rookery.coordinator.farm.Changes;
import rookery.coordinator.farm.Effect;
import rookery.coordinator.farm.Event;
import rookery.coordinator.farm.Farm;
import rookery.model.AgentId;

/// What the loop does with a batch of events, without the loop's thread: apply, save, publish,
/// answer, tell, act. The promise that nothing is said before it is saved is this order.
///
/// One thread at a time; [#snapshot] and [#listen] from any.
public final class Turns {
    private static final System.Logger LOG = System.getLogger(Turns.class.getName());

    private final List<Consumer<Farm>> listeners = new CopyOnWriteArrayList<>();
    private final Map<AgentId, List<Consumer<Farm>>> agentListeners = new ConcurrentHashMap<>();
    private final Loop.Saver saver;
    private final Consumer<Effect> effects;
    private final InstantSource clock;
    private volatile Farm farm;

    /// An event, and who waits for its end.
    public record Entry(Event event, CompletableFuture<Farm> answer) {}

    /// @param effects starts an effect and returns at once
    public Turns(Farm start, Loop.Saver saver, Consumer<Effect> effects, InstantSource clock) {
        this.farm = start;
        this.saver = saver;
        this.effects = effects;
        this.clock = clock;
    }

    /// Starts again every effect that was outstanding when the last coordinator ended.
    public void resume() {
        farm.outstanding().forEach(effects);
    }

    /// The newest farm that is safe on disk.
    public Farm snapshot() {
        return farm;
    }

    /// Calls back after every batch, with the farm after it.
    public Runnable listen(Consumer<Farm> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /// Calls back after every batch that changed what the farm wants of this agent, or took in what
    /// the agent said; a farm of a thousand agents mostly moves one.
    public Runnable listen(AgentId agent, Consumer<Farm> listener) {
        agentListeners.merge(
                agent,
                List.of(listener),
                (some, others) -> Stream.concat(some.stream(), others.stream()).toList());
        return () -> unlisten(agent, listener);
    }

    /// Takes a batch from events to effects. Whatever the saver throws leaves the farm as it was,
    /// with nobody told of anything.
    public void turn(List<Entry> batch) {
        Farm next = farm;
        var parts = new ArrayList<Changes>(batch.size());
        var started = new ArrayList<Effect>();
        var stirred = new TreeSet<AgentId>();
        for (Entry entry : batch) {
            Farm.Transition moved = Farm.apply(next, entry.event);
            next = moved.farm();
            if (!moved.changes().isEmpty()) parts.add(moved.changes());
            started.addAll(moved.effects());
            stirred.addAll(moved.stirred());
        }
        if (!parts.isEmpty()) saver.save(Changes.of(parts, next.nextLease()), clock.instant());
        farm = next;
        for (Entry entry : batch) entry.answer.complete(next);
        for (Consumer<Farm> listener : List.copyOf(listeners)) {
            if (!tell(listener, next)) listeners.remove(listener);
        }
        for (AgentId agent : stirred) {
            for (Consumer<Farm> listener : agentListeners.getOrDefault(agent, List.of())) {
                if (!tell(listener, next)) unlisten(agent, listener);
            }
        }
        started.forEach(effects);
    }

    private void unlisten(AgentId agent, Consumer<Farm> listener) {
        agentListeners.computeIfPresent(
                agent,
                (_, all) -> {
                    List<Consumer<Farm>> left =
                            all.stream().filter(l -> !l.equals(listener)).toList();
                    return left.isEmpty() ? null : left;
                });
    }

    /// A listener that fails is somebody's broken connection, never a reason to stop the farm.
    ///
    /// @return whether it is to be told again
    private static boolean tell(Consumer<Farm> listener, Farm next) {
        try {
            listener.accept(next);
            return true;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a listener failed and is told no more", e);
            return false;
        }
    }
}
