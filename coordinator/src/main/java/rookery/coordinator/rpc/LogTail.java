package rookery.coordinator.rpc;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.time.Duration;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepRef;
import rookery.coordinator.logs.Logs;
import rookery.coordinator.loop.Loop;
import rookery.model.Blame;
import rookery.model.Limits;
import rookery.model.RookeryException;
import rookery.v1.LogData;

/// One client that reads one step's log, on a thread of its own. It is sent no faster than it
/// reads.
final class LogTail {
    /// How long at most nothing is looked at while no bell rings.
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final Loop loop;
    private final Logs logs;
    private final JobBook book;
    private final StepRef ref;
    private final boolean follow;
    private final ServerCallStreamObserver<LogData> client;
    private final Followers.Bell bell;
    private long offset;

    LogTail(
            Loop loop,
            Logs logs,
            JobBook book,
            Followers.Bell bell,
            StepRef ref,
            long offset,
            boolean follow,
            ServerCallStreamObserver<LogData> client) {
        this.loop = loop;
        this.logs = logs;
        this.book = book;
        this.bell = bell;
        this.ref = ref;
        this.offset = offset;
        this.follow = follow;
        this.client = client;
        client.setOnReadyHandler(bell::ring);
        client.setOnCancelHandler(bell::ring);
    }

    void start() {
        Thread.ofVirtual().name("log-of-" + ref).start(this::run);
    }

    private void run() {
        Runnable unlisten = loop.listen(this::look);
        try (bell) {
            boolean over = false;
            while (!over) {
                // Asked before the last read: what was written before the end is sent.
                over = !follow || hasEnded();
                if (!copy()) return;
                if (!over) bell.await(LOOK);
            }
            client.onCompleted();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            client.onError(
                    Errors.status(
                            new RookeryException(
                                    Blame.HOST,
                                    "the log of "
                                            + ref
                                            + " cannot be read: "
                                            + e.getMessage()
                                            + "; look at the coordinator's disk",
                                    e)));
        } catch (RuntimeException e) {
            if (!client.isCancelled()) client.onError(Errors.status(e));
        } finally {
            unlisten.run();
        }
    }

    /// On the loop's thread.
    private void look(Farm farm) {
        boolean atWork =
                farm.find(ref.job())
                        .map(j -> j.running() && !j.row(ref.step()).state().ended())
                        .orElse(false);
        if (!atWork) bell.ring();
    }

    private boolean hasEnded() {
        if (loop.died().isDone()) throw loop.died().join();
        Job job = book.find(ref.job()).job();
        return !job.running() || JobBook.row(job, ref.step()).state().ended();
    }

    /// Sends what there is; false when nobody listens any more.
    private boolean copy() throws IOException, InterruptedException {
        while (!client.isCancelled()) {
            if (!client.isReady()) {
                bell.await(LOOK);
                continue;
            }
            byte[] bytes = logs.read(ref.job(), ref.step(), offset, Limits.LOG_CHUNK_BYTES);
            if (bytes.length == 0) {
                // A new attempt begins its log anew.
                if (!follow || logs.size(ref.job(), ref.step()) >= offset) return true;
                offset = 0;
                continue;
            }
            client.onNext(
                    LogData.newBuilder()
                            .setOffset(offset)
                            .setData(ByteString.copyFrom(bytes))
                            .build());
            offset += bytes.length;
        }
        return false;
    }
}
