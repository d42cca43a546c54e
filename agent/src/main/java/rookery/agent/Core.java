package rookery.agent;

import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import rookery.agent.link.SyncLink;
import rookery.agent.session.Effect;
import rookery.agent.session.Event;
import rookery.agent.session.Session;
import rookery.model.Limits;
import rookery.model.Order;

/// The one thread that runs the session. Others hand it events; it hands out effects.
final class Core implements SyncLink.Listener {
    private static final System.Logger LOG = System.getLogger(Core.class.getName());

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>(Limits.QUEUE);
    private final Thread thread = Thread.ofPlatform().name("agent-core").unstarted(this::loop);
    private final Effects effects;
    private final Runnable whenBroken;
    private volatile boolean isOver;

    /// Does what a session asks; must not block.
    interface Effects {
        void on(Effect effect);
    }

    /// @param whenBroken told on the core's thread if that ends by a bug
    Core(Effects effects, Runnable whenBroken) {
        this.effects = effects;
        this.whenBroken = whenBroken;
    }

    void start() {
        thread.start();
    }

    /// Waits for room: what happened to a step must not be lost. When the thread has ended nobody
    /// is left to hear it.
    void tell(Event event) {
        boolean interrupted = false;
        while (!isOver) {
            try {
                events.put(event);
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
    }

    /// Drops it if there is no room: the next beat says the same.
    void beat() {
        if (!isOver && !events.offer(new Event.Tick())) LOG.log(Level.WARNING, "queue=full");
    }

    /// Waits for the end of the thread; true if the caller was interrupted meanwhile.
    boolean stop() {
        thread.interrupt();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    @Override
    public void connected() {
        tell(new Event.Connected());
    }

    @Override
    public void disconnected() {
        tell(new Event.Disconnected());
    }

    @Override
    public void desired(long revision, long number, List<Order> orders, boolean drain) {
        tell(new Event.Desired(revision, number, orders, drain));
    }

    private void loop() {
        var session = Session.fresh();
        try {
            while (true) {
                Session.Next next = session.on(events.take());
                session = next.session();
                next.effects().forEach(effects::on);
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "core=stopped");
            over();
        } catch (Throwable e) {
            LOG.log(Level.ERROR, "core=broken; the agent lets go of its steps and ends", e);
            over();
            whenBroken.run();
        }
    }

    /// Frees whoever waits for room.
    private void over() {
        isOver = true;
        events.clear();
    }
}
