package rookery.deploy.chaos;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/// Starts a child again whenever it ends, as a service manager would.
final class Keeper implements Ending {
    private static final int KILLED = 128 + 9;
    private static final int BREATH_MS = 300;

    private final Starter starter;
    private final IntConsumer ended;
    private final Thread thread;
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile Child child;

    /// Makes the next child.
    interface Starter {
        Child start() throws IOException;
    }

    /// @param ended is told how each child ended that was not to end
    Keeper(Starter starter, IntConsumer ended) throws IOException {
        this.starter = starter;
        this.ended = ended;
        this.child = starter.start();
        this.thread = Thread.ofPlatform().name("keeper").start(this::keep);
    }

    Child child() {
        return child;
    }

    private void keep() {
        try {
            while (over.getCount() > 0) {
                int status = child.await();
                if (over.getCount() == 0) return;
                ended.accept(status);
                // Who ended by itself has a reason, which may take a moment to go away.
                if (status != KILLED && over.await(BREATH_MS, TimeUnit.MILLISECONDS)) return;
                child = starter.start();
            }
        } catch (InterruptedException | IOException e) {
            System.err.println("chaos: nobody is kept any more: " + e);
        }
    }

    static boolean wasKilled(int status) {
        return status == KILLED;
    }

    /// Ends the child and starts no more.
    @Override
    public void end() throws InterruptedException {
        over.countDown();
        child.signal("CONT");
        child.end();
        thread.join();
        child.end();
    }
}
