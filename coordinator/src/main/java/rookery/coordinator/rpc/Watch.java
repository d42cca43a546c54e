package rookery.coordinator.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.loop.Loop;
import rookery.model.JobId;
import rookery.v1.JobView;

/// One client that watches one job, on a thread of its own: a view of thousands of steps must not
/// be made by the loop. A client that reads slowly misses states in between, never the last.
final class Watch {
    /// Each step of a view makes the next one wait this much longer, up to the longest.
    private static final Duration PER_STEP = Duration.ofNanos(50_000);

    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final Loop loop;
    private final JobBook book;
    private final JobId id;
    private final ServerCallStreamObserver<JobView> client;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // Guarded by the lock.
    private @Nullable Sight newest;
    private boolean isNews;

    Watch(Loop loop, JobBook book, JobId id, ServerCallStreamObserver<JobView> client) {
        this.loop = loop;
        this.book = book;
        this.id = id;
        this.client = client;
        client.setOnReadyHandler(this::wake);
        client.setOnCancelHandler(this::wake);
    }

    /// @throws io.grpc.StatusRuntimeException when there is no such job
    void start() {
        Sight first = book.find(id);
        Thread.ofVirtual().name("watch-" + id).start(() -> run(first));
    }

    private void run(Sight first) {
        Runnable unlisten = loop.listen(this::look);
        Runnable mourn = loop.whenDied(_ -> wake());
        try {
            Sight sent = first;
            client.onNext(Views.job(sent));
            // Listening began after the first look.
            look(loop.snapshot());
            while (sent.job().running() && !client.isCancelled()) {
                Sight next = next(sent.job());
                if (next == null) continue;
                client.onNext(Views.job(next));
                sent = next;
                if (next.job().running()) rest(next.job().steps().size());
            }
            if (!client.isCancelled()) client.onCompleted();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            if (!client.isCancelled()) client.onError(Errors.status(e));
        } finally {
            unlisten.run();
            mourn.run();
        }
    }

    /// On the loop's thread.
    // A farm keeps the very same Job until something in it changes.
    @SuppressWarnings("ReferenceEquality")
    private void look(Farm farm) {
        Job job = farm.jobs().get(id);
        lock.lock();
        try {
            Sight before = newest;
            if (before != null && before.job() == job) return;
            // One that ended may have left memory already; then the store has its end.
            newest = job == null ? null : new Sight(farm, job);
            isNews = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            isNews = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The job once it is another and the client has room; null when there is something else to
    /// look at first.
    @SuppressWarnings("ReferenceEquality")
    private @Nullable Sight next(Job sent) throws InterruptedException {
        Sight seen;
        lock.lock();
        try {
            while (!isNews) changed.await();
            isNews = false;
            if (loop.died().isDone()) throw loop.died().join();
            if (!client.isReady()) return null;
            seen = newest;
        } finally {
            lock.unlock();
        }
        if (seen == null) return book.find(id);
        return seen.job() == sent ? null : seen;
    }

    private void rest(int steps) throws InterruptedException {
        Duration wait = PER_STEP.multipliedBy(steps);
        long left = (wait.compareTo(LONGEST) > 0 ? LONGEST : wait).toNanos();
        lock.lock();
        try {
            while (left > 0 && !client.isCancelled() && isRunning())
                left = changed.awaitNanos(left);
        } finally {
            lock.unlock();
        }
    }

    /// Under the lock.
    private boolean isRunning() {
        Sight seen = newest;
        return seen != null && seen.job().running();
    }
}
