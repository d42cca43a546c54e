package rookery.sim;

import java.util.List;
import org.jspecify.annotations.Nullable;
import rookery.agent.session.Report;
import rookery.model.Order;

/// One `Sync` stream between an agent and the coordinator. In order and without doubles as gRPC
/// gives it, unless a fault says otherwise; a partition keeps everything from either side until the
/// stream is given up.
final class Line {
    private final World world;
    final SimAgent agent;
    final long incarnation;
    private final SimCoordinator coordinator;
    private long reportsUntil;
    private long answersUntil;
    private boolean open = true;
    private boolean partitioned;

    // What the coordinator's end remembers.
    long newest;
    long applied;
    long sentNumber;
    long revision;
    boolean posted;
    Runnable unlisten = () -> {};
    @Nullable Report unread;
    List<Order> sent = List.of();

    Line(World world, SimAgent agent, SimCoordinator coordinator) {
        this.world = world;
        this.agent = agent;
        this.incarnation = agent.incarnation();
        this.coordinator = coordinator;
    }

    boolean isOpen() {
        return open;
    }

    void report(Report report) {
        if (!open || fails()) return;
        if (world.strikes(Fault.REPORT_LATE, 30))
            world.after(world.some(90_000), () -> hear(report));
        else reportsUntil = inOrder(reportsUntil, () -> hear(report));
        if (world.strikes(Fault.REPORT_DOUBLED, 20))
            world.after(world.some(60_000), () -> hear(report));
    }

    void answer(long number, long answerRevision, List<Order> orders) {
        if (!open || fails()) return;
        Runnable told =
                () -> {
                    if (open) agent.told(this, answerRevision, number, orders);
                };
        if (world.strikes(Fault.ANSWER_LATE, 30)) world.after(world.some(90_000), told);
        else answersUntil = inOrder(answersUntil, told);
        if (world.strikes(Fault.ANSWER_DOUBLED, 20)) world.after(world.some(60_000), told);
    }

    /// What was sent before the end may still arrive, until the coordinator has seen that too.
    private void hear(Report report) {
        coordinator.heard(this, report);
    }

    private long inOrder(long until, Runnable what) {
        long at = Math.max(until, world.nowMs() + 1 + world.some(400));
        world.after(at - world.nowMs(), what);
        return at;
    }

    private boolean fails() {
        if (world.strikes(Fault.PARTITION, 150)) {
            partitioned = true;
            // Each side finds out by its own keepalive.
            world.after(5_000 + world.some(55_000), this::cut);
        }
        if (world.strikes(Fault.STREAM_CUT, 80)) cut();
        return partitioned || !open;
    }

    /// Both sides learn of the end, at moments of their own.
    void cut() {
        if (!open) return;
        open = false;
        world.after(world.some(1_000), () -> agent.lost(this));
        world.after(world.some(30_000), () -> coordinator.vanished(this));
    }
}
