package rookery.coordinator.loop;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
import rookery.coordinator.farm.StepState;
import rookery.model.AgentId;
import rookery.oci.Digest;

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
    private final Loop.Known known;
    private volatile Farm farm;

    /// An event, and who waits for its end.
    public record Entry(Event event, CompletableFuture<Farm> answer) {}

    /// @param effects starts an effect and returns at once
    public Turns(Farm start, Loop.Saver saver, Consumer<Effect> effects, InstantSource clock) {
        this(start, saver, effects, clock, _ -> true);
    }

    /// @param effects starts an effect and returns at once
    /// @param known asked before a recall is started: what was never made is ready in the same turn
    public Turns(
            Farm start,
            Loop.Saver saver,
            Consumer<Effect> effects,
            InstantSource clock,
            Loop.Known known) {
        this.known = known;
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
        for (List<Event> events : moves(batch)) {
            Farm.Transition moved = Farm.apply(next, events);
            next = moved.farm();
            if (!moved.changes().isEmpty()) parts.add(moved.changes());
            stirred.addAll(moved.stirred());
            List<Event> ready = unmade(moved.effects(), parts, next.at(), started);
            if (ready.isEmpty()) continue;
            // Once: with more steps than one turn looks at, the rest is looked up as others are.
            Farm.Transition then = Farm.apply(next, ready);
            next = then.farm();
            if (!then.changes().isEmpty()) parts.add(then.changes());
            stirred.addAll(then.stirred());
            started.addAll(then.effects());
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

    /// Answers recalls of what nobody ever made; what is about to be saved counts as made.
    ///
    /// @param others is given every other effect
    private List<Event> unmade(
            List<Effect> effects, List<Changes> parts, Instant now, List<Effect> others) {
        var answers = new ArrayList<Event>();
        Optional<Set<Digest>> unsaved = Optional.empty();
        for (Effect effect : effects) {
            if (effect instanceof Effect.Recall recall) {
                if (unsaved.isEmpty()) unsaved = Optional.of(results(parts));
                if (recall.inputs().isEmpty()
                        && recall.keys().stream().noneMatch(unsaved.get()::contains)
                        && !known.any(recall.keys())) {
                    answers.add(new Event.Recalled(now, recall.step(), Optional.empty()));
                    continue;
                }
            }
            others.add(effect);
        }
        return answers;
    }

    private static Set<Digest> results(List<Changes> parts) {
        Set<Digest> keys = new TreeSet<>();
        for (Changes part : parts) {
            for (Changes.Row changed : part.steps().values()) {
                if (changed.row().state() instanceof StepState.Done(_, var origin))
                    origin.ifPresent(o -> keys.add(o.key()));
            }
        }
        return keys;
    }

    /// The events in order, as many together as may be: ticks stand alone.
    private static List<List<Event>> moves(List<Entry> batch) {
        var moves = new ArrayList<List<Event>>();
        var together = new ArrayList<Event>();
        for (Entry entry : batch) {
            boolean alone = entry.event instanceof Event.Ticked;
            if (alone && !together.isEmpty()) {
                moves.add(List.copyOf(together));
                together.clear();
            }
            if (alone) moves.add(List.of(entry.event));
            else together.add(entry.event);
        }
        if (!together.isEmpty()) moves.add(List.copyOf(together));
        return moves;
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
