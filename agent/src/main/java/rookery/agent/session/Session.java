package rookery.agent.session;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.agent.session.Event.Aborting;
import rookery.agent.session.Event.Connected;
import rookery.agent.session.Event.Desired;
import rookery.agent.session.Event.Disconnected;
import rookery.agent.session.Event.Draining;
import rookery.agent.session.Event.Phase;
import rookery.agent.session.Event.StepDone;
import rookery.agent.session.Event.Tick;
import rookery.model.Doing;
import rookery.model.Failure;
import rookery.model.LeaseId;
import rookery.model.Limits;
import rookery.model.Order;
import rookery.model.Outcome;

/// An agent's side of the conversation, as a value.
///
/// Per lease:
///
/// ```
///            order seen, never held before
///   (none) ---------------------------------> Running     Start
///   Running  --StepDone-------------------->  Finished    reported until the order is gone
///   Running  --order gone------------------>  Stopping    Kill
///   Stopping --StepDone-------------------->  (none)      its result is of no use to anybody
///   Running  --Aborting-------------------->  Aborted     Kill
///   Aborted  --StepDone-------------------->  Finished    with blame HOST: another agent does it
///   Aborted  --order gone------------------>  Stopping
///   Finished --order gone------------------>  (none)
///   (none)   --order seen, held before----->  Finished    with blame HOST: never started again
/// ```
///
/// A finished result is kept here, in memory, until the coordinator has it: builds go on and end
/// while there is no stream.
///
/// Draining, once begun, is never taken back. The agent leaves when it holds nothing and has heard
/// an answer that knows of the draining: until then the coordinator may have lent it one step more.
/// Without a stream there is nobody to be heard; whoever holds nothing then leaves at once.
///
/// Answers are heard only while connected, only in rising revisions, and only if they know the
/// first report of the current stream: an older one may speak of leases of an earlier time. Reports
/// are sent when something changes and at every beat; each says everything, so a lost one does no
/// harm.
///
/// @param number of the last report
/// @param stream empty while there is none
/// @param newest the highest lease ever held; leases only grow, so what is not above it and not
///   held was held before
/// @param held what the agent knows of its leases
/// @param draining the first report that says so; empty while the agent takes work
public record Session(
        long number,
        Optional<Stream> stream,
        long newest,
        SortedMap<LeaseId, Held> held,
        Optional<Long> draining) {

    private static final String STARTING = "starting";
    private static final String STOPPING = "stopping";
    private static final String ABORTED = "is being killed: the agent is told to stop at once";

    /// What was seen of the current stream.
    ///
    /// @param opened number of the first report on it
    /// @param revision of the last answer that was heard; empty before the first, because a
    ///   coordinator that was started anew counts anew
    /// @param known the newest report that an answer knew of
    public record Stream(long opened, Optional<Long> revision, long known) {}

    /// What became of a lease so far.
    public sealed interface Held {
        record Running(String phase) implements Held {}

        record Stopping() implements Held {}

        record Aborted() implements Held {}

        record Finished(Outcome outcome) implements Held {}
    }

    /// A session after an event, and what is to be done about it, in order.
    public record Next(Session session, List<Effect> effects) {
        public Next {
            effects = List.copyOf(effects);
        }
    }

    public Session {
        held = Collections.unmodifiableSortedMap(new TreeMap<>(held));
        if (held.size() > Limits.LEASES_PER_AGENT)
            throw new IllegalArgumentException(
                    held.size() + " leases; an agent holds at most " + Limits.LEASES_PER_AGENT);
        if (!held.isEmpty() && held.lastKey().number() > newest)
            throw new IllegalArgumentException(held.lastKey() + " is above the newest, l" + newest);
    }

    /// An agent that was just started.
    public static Session fresh() {
        return new Session(0, Optional.empty(), 0, new TreeMap<>(), Optional.empty());
    }

    public Next on(Event event) {
        Next next = after(event);
        if (!next.session().mayLeave()) return next;
        var effects = new ArrayList<>(next.effects());
        effects.add(new Effect.Leave());
        return new Next(next.session(), effects);
    }

    private boolean mayLeave() {
        if (draining.isEmpty() || !held.isEmpty()) return false;
        return stream.isEmpty() || stream.get().known() >= draining.get();
    }

    private Next after(Event event) {
        return switch (event) {
            case Connected() -> say(with(Optional.of(new Stream(number + 1, Optional.empty(), 0))));
            case Disconnected() -> new Next(with(Optional.empty()), List.of());
            case Tick() -> say(this);
            case Phase(LeaseId lease, String text) -> onPhase(lease, text);
            case StepDone(LeaseId lease, Outcome outcome) -> onDone(lease, outcome);
            case Desired desired -> isHeard(desired) ? obey(desired) : new Next(this, List.of());
            case Draining() -> draining.isPresent() ? new Next(this, List.of()) : say(drained());
            case Aborting() -> abort();
        };
    }

    /// Everything that is said in the next report.
    public List<Doing> doing() {
        var out = new ArrayList<Doing>();
        held.forEach((lease, state) ->
                out.add(
                        switch (state) {
                            case Held.Running(String phase) -> new Doing.Running(lease, phase);
                            case Held.Stopping() -> new Doing.Running(lease, STOPPING);
                            case Held.Aborted() -> new Doing.Running(lease, ABORTED);
                            case Held.Finished(Outcome outcome) ->
                                    new Doing.Finished(lease, outcome);
                        }));
        return out;
    }

    private boolean isHeard(Desired desired) {
        return stream.isPresent()
                && desired.number() >= stream.get().opened()
                && desired.revision() > stream.get().revision().orElse(Long.MIN_VALUE);
    }

    private Next onPhase(LeaseId lease, String text) {
        if (!(held.get(lease) instanceof Held.Running(String phase)) || phase.equals(text))
            return new Next(this, List.of());
        return say(with(lease, new Held.Running(text)));
    }

    private Next onDone(LeaseId lease, Outcome outcome) {
        Held state = held.get(lease);
        if (state == null) return new Next(this, List.of());
        return switch (state) {
            case Held.Running _ -> say(with(lease, new Held.Finished(outcome)));
            case Held.Stopping _ -> say(without(lease));
            case Held.Aborted _ -> say(with(lease, new Held.Finished(aborted(lease, outcome))));
            case Held.Finished _ -> new Next(this, List.of());
        };
    }

    /// What was made all the same is no worse for it.
    private static Outcome aborted(LeaseId lease, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Made made -> made;
            case Outcome.Broke _ ->
                    new Outcome.Broke(
                            new Failure(
                                    Failure.Kind.HOST,
                                    "the agent was told to stop at once while it held "
                                            + lease
                                            + "; another one does the step"));
        };
    }

    private Session drained() {
        return new Session(number, stream, newest, held, Optional.of(draining.orElse(number + 1)));
    }

    private Next abort() {
        SortedMap<LeaseId, Held> next = new TreeMap<>();
        var effects = new ArrayList<Effect>();
        held.forEach((lease, state) ->
                next.put(
                        lease,
                        switch (state) {
                            case Held.Running _ -> {
                                effects.add(new Effect.Kill(lease));
                                yield new Held.Aborted();
                            }
                            case Held.Stopping _, Held.Aborted _, Held.Finished _ -> state;
                        }));
        Session now = drained();
        Next said = say(new Session(number, stream, newest, next, now.draining));
        effects.addAll(said.effects());
        return new Next(said.session(), effects);
    }

    private Next obey(Desired desired) {
        SortedMap<LeaseId, Order> wanted = new TreeMap<>();
        desired.orders().forEach(order -> wanted.put(order.lease(), order));
        SortedMap<LeaseId, Held> next = new TreeMap<>();
        var effects = new ArrayList<Effect>();
        held.forEach((lease, state) -> {
            if (wanted.containsKey(lease)) {
                next.put(lease, state);
            } else {
                switch (state) {
                    case Held.Running _ -> {
                        next.put(lease, new Held.Stopping());
                        effects.add(new Effect.Kill(lease));
                    }
                    case Held.Stopping _ -> next.put(lease, state);
                    case Held.Aborted _ -> next.put(lease, new Held.Stopping());
                    case Held.Finished _ -> {}
                }
            }
        });
        long top = newest;
        for (Order order : wanted.values()) {
            LeaseId lease = order.lease();
            if (next.containsKey(lease)) continue;
            // What finds no room is not skipped for good: the next answer names it again, and
            // nothing above it was started meanwhile.
            if (next.size() >= Limits.LEASES_PER_AGENT) break;
            if (lease.number() <= newest) {
                next.put(lease, new Held.Finished(heldBefore(lease)));
            } else {
                next.put(lease, new Held.Running(STARTING));
                effects.add(new Effect.Start(order));
                top = lease.number();
            }
        }
        var seen =
                stream.map(s ->
                        new Stream(s.opened(), Optional.of(desired.revision()), desired.number()));
        boolean drains = desired.drain() && draining.isEmpty();
        boolean changed = drains || !next.equals(held);
        Optional<Long> since = drains ? Optional.of(number + 1) : draining;
        var session = new Session(number, seen, top, next, since);
        if (!changed) return new Next(session, effects);
        Next said = say(session);
        effects.addAll(said.effects());
        return new Next(said.session(), effects);
    }

    private static Outcome heldBefore(LeaseId lease) {
        return new Outcome.Broke(
                new Failure(
                        Failure.Kind.HOST,
                        "the lease "
                                + lease
                                + " was held and given back here before; a lease is never started twice, lend the step anew"));
    }

    /// Sends a report if there is somebody to hear it.
    private static Next say(Session of) {
        if (of.stream.isEmpty()) return new Next(of, List.of());
        var numbered = new Session(of.number + 1, of.stream, of.newest, of.held, of.draining);
        var report = new Report(numbered.number, numbered.doing(), of.draining.isPresent());
        return new Next(numbered, List.of(new Effect.Send(report)));
    }

    private Session with(Optional<Stream> other) {
        return new Session(number, other, newest, held, draining);
    }

    private Session with(LeaseId lease, Held state) {
        SortedMap<LeaseId, Held> next = new TreeMap<>(held);
        next.put(lease, state);
        return new Session(number, stream, newest, next, draining);
    }

    private Session without(LeaseId lease) {
        SortedMap<LeaseId, Held> next = new TreeMap<>(held);
        next.remove(lease);
        return new Session(number, stream, newest, next, draining);
    }
}
