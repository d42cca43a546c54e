package rookery.sim;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import rookery.agent.session.Report;
import rookery.coordinator.farm.Agent;
import rookery.coordinator.farm.Changes;
import rookery.coordinator.farm.Event;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Results;
import rookery.coordinator.farm.Rules;
import rookery.coordinator.loop.Turns;
import rookery.model.AgentId;
import rookery.model.Order;

/// The coordinator's process around the real [Turns]: streams, a queue and a clock, all of which
/// end with it.
final class SimCoordinator {
    private static final int TICK_MS = 500;

    private final World world;
    private final Disk disk;
    private final Blobs blobs;
    private final Oracle oracle;
    private final Chores chores;
    private final List<Line> lines = new ArrayList<>();
    private final List<Turns.Entry> queue = new ArrayList<>();
    private @Nullable Turns turns;
    private int life;
    private boolean turnIsDue;
    private int answersUntilDeath;

    SimCoordinator(World world, Disk disk, Blobs blobs, Registry registry, Oracle oracle) {
        this.world = world;
        this.disk = disk;
        this.blobs = blobs;
        this.oracle = oracle;
        this.chores = new Chores(world, disk, blobs, registry, oracle, this);
    }

    boolean isUp() {
        return turns != null;
    }

    /// Which of its processes this is.
    int life() {
        return life;
    }

    Farm farm() {
        if (turns == null) throw new IllegalStateException("the coordinator is down");
        return turns.snapshot();
    }

    void start() {
        if (isUp()) return;
        int mine = ++life;
        Farm farm = disk.load(Farm.empty(new Rules(true, "1"), disk.nextLease()), world.clock());
        oracle.restarted(farm);
        // Every other life starts all recalls, as if every name might be known.
        var born =
                new Turns(
                        farm,
                        this::save,
                        chores::start,
                        world::clock,
                        keys -> mine % 2 == 0 || disk.recall(keys).isPresent());
        turns = born;
        born.resume();
        tick(mine, world.clock());
    }

    void kill() {
        if (!isUp()) return;
        turns = null;
        queue.clear();
        turnIsDue = false;
        List.copyOf(lines).forEach(Line::cut);
        lines.clear();
        world.after(100 + world.some(30_000), this::start);
    }

    /// Posts an event; whoever waits hears only if this process lives to say it.
    void post(Event event, Consumer<Farm> then) {
        if (!isUp()) return;
        var answer = new CompletableFuture<Farm>();
        var _ = answer.thenAccept(then);
        queue.add(new Turns.Entry(event, answer));
        if (turnIsDue) return;
        turnIsDue = true;
        int mine = life;
        long wait = world.strikes(Fault.SLOW_TURN, 100) ? world.some(20_000) : world.some(20);
        world.after(wait, () -> turn(mine));
    }

    private void turn(int mine) {
        if (life != mine || turns == null) return;
        turnIsDue = false;
        List<Turns.Entry> batch = List.copyOf(queue);
        queue.clear();
        Farm before = turns.snapshot();
        answersUntilDeath =
                world.strikes(Fault.KILLED_AFTER_ANSWERS, 300) ? world.random.nextInt(5) : -1;
        try {
            turns.turn(batch);
            oracle.turned(before, turns.snapshot());
            lines.forEach(this::checkToldAll);
        } catch (Killed _) {
            kill();
        }
    }

    /// The saver, with what may happen to a disk and to a process that writes to one.
    private void save(Changes changes, Instant now) {
        if (world.strikes(Fault.KILLED_BEFORE_SAVE, 300)) throw new Killed();
        // The loop ends when it cannot save: what it believes would differ from what is kept.
        if (world.strikes(Fault.DISK_FULL, 500)) throw new Killed();
        disk.save(changes);
        if (world.strikes(Fault.KILLED_AFTER_SAVE, 300)) throw new Killed();
    }

    private void tell(Line line, Farm farm) {
        if (answersUntilDeath-- == 0) throw new Killed();
        push(line, farm);
    }

    /// A stream of an earlier start of the agent is nobody's any more.
    private void checkToldAll(Line line) {
        AgentId id = line.agent.id();
        Agent agent = farm().agents().get(id);
        if (agent == null || agent.incarnation() != line.incarnation || line.applied == 0) return;
        oracle.knows(farm(), id, line.sent);
    }

    private void tick(int mine, Instant last) {
        if (life != mine || !isUp()) return;
        Instant now = world.clock();
        boolean slept = Math.abs(now.toEpochMilli() - last.toEpochMilli()) > 10_000;
        post(new Event.Ticked(now, slept), _ -> {});
        if (world.strikes(Fault.COORDINATOR_KILLED, 400)) kill();
        if (world.strikes(Fault.CLOCK_JUMPS, 400))
            world.jumpClock(world.random.nextInt(7_200_000) - 3_600_000);
        if (world.strikes(Fault.MACHINE_SLEEPS, 400)) world.jumpClock(world.some(3_600_000));
        world.after(TICK_MS, () -> tick(mine, now));
    }

    // ---- the agents' service

    Line connect(SimAgent agent) {
        var line = new Line(world, agent, this);
        lines.add(line);
        if (turns != null) line.unlisten = turns.listen(agent.id(), farm -> tell(line, farm));
        return line;
    }

    void heard(Line line, Report report) {
        if (!lines.contains(line) || line.newest >= report.number()) return;
        line.newest = report.number();
        line.unread = report;
        if (!line.posted) read(line);
    }

    private void read(Line line) {
        Report report = line.unread;
        if (report == null) return;
        line.unread = null;
        line.posted = true;
        post(
                new Event.Reported(
                        world.clock(),
                        line.agent.id(),
                        line.incarnation,
                        line.agent.facts(),
                        Results.arrived(report.doing(), blobs::isWhole),
                        report.draining()),
                _ -> {
                    oracle.heard(line.agent.id());
                    line.posted = false;
                    line.applied = Math.max(line.applied, report.number());
                    read(line);
                });
    }

    private void push(Line line, Farm farm) {
        if (line.applied == 0) return;
        List<Order> orders = farm.desired(line.agent.id());
        if (line.applied == line.sentNumber && orders.equals(line.sent)) return;
        oracle.answered(line.agent.id(), line.sent, orders);
        line.sent = orders;
        line.sentNumber = line.applied;
        line.answer(line.sentNumber, ++line.revision, orders);
    }

    void vanished(Line line) {
        if (!lines.remove(line)) return;
        line.unlisten.run();
        // Nobody knows whose a stream was that never said so, and one that was replaced says
        // nothing about its agent any more.
        if (line.newest == 0) return;
        boolean isBack =
                lines.stream()
                        .anyMatch(l ->
                                l.agent == line.agent
                                        && l.newest > 0
                                        && l.incarnation >= line.incarnation);
        if (isBack) return;
        if (isUp()) oracle.hungUp(line.agent.id());
        post(new Event.Vanished(world.clock(), line.agent.id(), line.incarnation), _ -> {});
    }
}
