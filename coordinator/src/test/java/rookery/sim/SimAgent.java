package rookery.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import rookery.agent.session.Effect;
import rookery.agent.session.Event;
import rookery.agent.session.Session;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.Failure;
import rookery.model.LeaseId;
import rookery.model.Limits;
import rookery.model.Order;
import rookery.model.Outcome;

/// A build machine around a real [Session]: it works, freezes, dies and comes back.
final class SimAgent {
    private final World world;
    private final AgentId id;
    private final AgentFacts facts;
    private final SimCoordinator coordinator;
    private final Hands hands;
    private final Oracle oracle;
    private final Map<LeaseId, Order> working = new TreeMap<>();
    private final List<Event> whileFrozen = new ArrayList<>();
    private Session session = Session.fresh();
    private long incarnation;
    private boolean up;
    private boolean frozen;
    private @Nullable Line line;

    SimAgent(
            World world,
            AgentId id,
            AgentFacts facts,
            SimCoordinator coordinator,
            Hands hands,
            Oracle oracle) {
        this.world = world;
        this.id = id;
        this.facts = facts;
        this.coordinator = coordinator;
        this.hands = hands;
        this.oracle = oracle;
    }

    AgentId id() {
        return id;
    }

    AgentFacts facts() {
        return facts;
    }

    long incarnation() {
        return incarnation;
    }

    /// Whether this incarnation's process lives, frozen or not.
    boolean isUp(long asked) {
        return up && incarnation == asked;
    }

    void start() {
        incarnation++;
        oracle.born(id, incarnation);
        session = Session.fresh();
        working.clear();
        whileFrozen.clear();
        up = true;
        frozen = false;
        connect(incarnation);
        beat(incarnation);
    }

    /// Thaws and starts whatever is not running: after this only work is left.
    void calmDown() {
        if (!up) start();
        else if (frozen) thaw(incarnation);
    }

    private void connect(long life) {
        if (!isUp(life) || line != null) return;
        if (!coordinator.isUp()) {
            world.after(100 + world.some(10_000), () -> connect(life));
            return;
        }
        line = coordinator.connect(this);
        on(new Event.Connected());
    }

    void lost(Line which) {
        if (line != which) return;
        line = null;
        long life = incarnation;
        if (!up) return;
        on(new Event.Disconnected());
        world.after(100 + world.some(10_000), () -> connect(life));
    }

    void told(Line by, long revision, long number, List<Order> orders) {
        if (line == by) on(new Event.Desired(revision, number, orders));
    }

    private void beat(long life) {
        if (!isUp(life)) return;
        on(new Event.Tick());
        if (world.strikes(Fault.AGENT_KILLED, 120)) kill();
        else if (!frozen && world.strikes(Fault.AGENT_FROZEN, 100)) {
            frozen = true;
            world.after(world.some(180_000), () -> thaw(life));
        }
        if (!isUp(life)) return;
        if (world.strikes(Fault.AGENT_DRAINED, 250)) {
            on(new Event.Draining());
            // Whoever is impatient sends the second signal.
            if (world.random.nextInt(3) == 0) world.after(world.some(60_000), () -> abort(life));
        }
        world.after(Limits.BEAT.toMillis(), () -> beat(life));
    }

    private void abort(long life) {
        if (isUp(life)) on(new Event.Aborting());
    }

    private void thaw(long life) {
        if (!isUp(life) || !frozen) return;
        frozen = false;
        List<Event> held = List.copyOf(whileFrozen);
        whileFrozen.clear();
        held.forEach(this::on);
    }

    private void kill() {
        up = false;
        if (line != null) line.cut();
        line = null;
        world.after(10 + world.some(60_000), this::revive);
    }

    /// An orderly end: what it held is done or given back.
    private void leave() {
        if (!session.held().isEmpty())
            throw new Violation("%s leaves with %s in its hands", id, session.held());
        kill();
    }

    private void revive() {
        if (!up) start();
    }

    private void on(Event event) {
        if (frozen) {
            whileFrozen.add(event);
            return;
        }
        Session.Next next = session.on(event);
        session = next.session();
        next.effects().forEach(this::act);
    }

    private void act(Effect effect) {
        switch (effect) {
            case Effect.Start(Order order) -> begin(order);
            case Effect.Kill(LeaseId lease) -> {
                if (session.draining().isEmpty()) oracle.killed(id, lease);
                if (working.remove(lease) != null)
                    end(
                            incarnation,
                            lease,
                            new Outcome.Broke(new Failure(Failure.Kind.CANCELLED, "killed")),
                            world.some(5_000));
            }
            case Effect.Send(var report) -> {
                if (line != null) line.report(report);
            }
            case Effect.Leave() -> leave();
        }
    }

    private void begin(Order order) {
        oracle.started(order, id, incarnation);
        working.put(order.lease(), order);
        long life = incarnation;
        if (hands.killsItsAgent(order)) {
            world.after(
                    world.some(20_000),
                    () -> {
                        if (isUp(life) && working.containsKey(order.lease())) kill();
                    });
            return;
        }
        world.after(hands.takesMs(order), () -> finish(life, order));
    }

    private void finish(long life, Order order) {
        if (!isUp(life)) return;
        if (frozen) {
            world.after(1_000, () -> finish(life, order));
            return;
        }
        if (working.remove(order.lease()) == null) return;
        Outcome outcome = hands.make(order, id);
        oracle.made(order, outcome);
        end(life, order.lease(), outcome, 0);
    }

    private void end(long life, LeaseId lease, Outcome outcome, long afterMs) {
        world.after(
                afterMs,
                () -> {
                    if (isUp(life)) on(new Event.StepDone(lease, outcome));
                });
    }
}
