package rookery.cli;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import rookery.model.Failure;

/// What Ctrl-C and SIGTERM do: the newest action that is registered (cancel the job, close the
/// farm) runs, the command gets time to end by itself, and the exit code is that of something
/// cancelled.
///
/// The JVM calls us as a shutdown hook on a thread of its own, while the command's thread goes on.
final class Interrupts {
    /// How long steps may take to be killed and the farm to be closed.
    private static final int GRACE_SECONDS = 30;

    private final Deque<Runnable> actions = new ArrayDeque<>();
    private final CountDownLatch finished = new CountDownLatch(1);
    private boolean hasFinished;
    private volatile boolean isLeaving;

    /// An action's registration.
    interface Guard extends AutoCloseable {
        @Override
        void close();
    }

    /// Until it is closed, an interrupt runs the action.
    Guard during(Runnable action) {
        synchronized (actions) {
            actions.push(action);
        }
        return () -> {
            synchronized (actions) {
                actions.remove(action);
            }
        };
    }

    /// For programs that serve others: from now on Ctrl-C and SIGTERM do this each time, and
    /// nothing else; such a program ends by its own will.
    void serve(Runnable each) {
        Signals.each(each);
    }

    /// For an action: nothing is to be waited for after it.
    void leaveAtOnce() {
        isLeaving = true;
    }

    /// For the JVM's hooks. Must be called once at most.
    Thread hook() {
        return new Thread(this::interrupted, "interrupts");
    }

    /// The command has ended; from here on an exit is none of our business.
    void finish() {
        synchronized (actions) {
            hasFinished = true;
        }
        finished.countDown();
    }

    private void interrupted() {
        Runnable action;
        synchronized (actions) {
            if (hasFinished) return;
            action = actions.peek();
        }
        try {
            if (action != null) {
                action.run();
                if (!isLeaving) {
                    boolean _ = finished.await(GRACE_SECONDS, TimeUnit.SECONDS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Runtime.getRuntime().halt(Failure.Kind.CANCELLED.exitCode());
        }
    }
}
