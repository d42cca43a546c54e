package rookery.coordinator.rpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.loop.Loop;
import rookery.model.JobId;
import rookery.model.RookeryException;
import rookery.v1.JobView;

/// One client that watches one job. A client that reads slowly misses states in between, never the
/// last.
final class Watch {
    private final Loop loop;
    private final JobId id;
    private final Function<JobId, Optional<Job>> older;
    private final ServerCallStreamObserver<JobView> client;
    private Runnable unlisten = () -> {};
    private Runnable mourn = () -> {};
    private @Nullable Job sent;
    private boolean over;

    /// @param older finds a job that has left the farm's memory
    Watch(
            Loop loop,
            JobId id,
            Function<JobId, Optional<Job>> older,
            ServerCallStreamObserver<JobView> client) {
        this.loop = loop;
        this.id = id;
        this.older = older;
        this.client = client;
    }

    void start() {
        client.setOnCancelHandler(this::stop);
        client.setOnReadyHandler(() -> show(loop.snapshot()));
        synchronized (this) {
            unlisten = loop.listen(this::show);
        }
        synchronized (this) {
            mourn = loop.whenDied(this::fail);
        }
        show(loop.snapshot());
    }

    /// The loop ended, so nothing will ever change again: the client must not wait for it.
    private synchronized void fail(RookeryException why) {
        if (over) return;
        stop();
        client.onError(Errors.status(why));
    }

    // A farm keeps the very same Job until something in it changes.
    @SuppressWarnings("ReferenceEquality")
    private synchronized void show(Farm farm) {
        if (over || !client.isReady()) return;
        Job job = farm.find(id).or(() -> older.apply(id)).orElse(null);
        if (job == null) {
            stop();
            client.onError(
                    Status.NOT_FOUND.withDescription("there is no job " + id).asRuntimeException());
            return;
        }
        if (job == sent) return;
        sent = job;
        client.onNext(Views.job(farm, job));
        if (!job.running()) {
            stop();
            client.onCompleted();
        }
    }

    private synchronized void stop() {
        over = true;
        unlisten.run();
        mourn.run();
    }
}
