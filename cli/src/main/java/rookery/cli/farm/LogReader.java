package rookery.cli.farm;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import rookery.model.Blame;
import rookery.model.RookeryException;
import rookery.v1.LogData;
import rookery.v1.ReadLogRequest;

/// Reads one step's log. A farm elsewhere that goes away while a log is followed is asked again
/// from where it stopped.
public final class LogReader {
    private static final Duration WHOLE = Duration.ofHours(12);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final int TRIES = 150;

    private final FarmClient farm;
    private final String job;
    private final String step;

    public LogReader(FarmClient farm, String job, String step) {
        this.farm = farm;
        this.job = job;
        this.step = step;
    }

    /// Hears a log's bytes.
    @FunctionalInterface
    public interface Sink {
        /// @param offset of the first byte; one that goes back says that the step began anew
        void take(long offset, byte[] bytes);
    }

    /// @param follow until the step has ended, else as far as the log goes now
    public void read(boolean follow, Sink sink) {
        long offset = 0;
        for (int tries = 0; ; tries++) {
            BlockingClientCall<?, LogData> call =
                    farm.jobs()
                            .withDeadlineAfter(WHOLE.toSeconds(), TimeUnit.SECONDS)
                            .readLog(
                                    ReadLogRequest.newBuilder()
                                            .setJob(job)
                                            .setStep(step)
                                            .setOffset(offset)
                                            .setFollow(follow)
                                            .build());
            try {
                for (LogData data = call.read(); data != null; data = call.read()) {
                    sink.take(data.getOffset(), data.getData().toByteArray());
                    offset = data.getOffset() + data.getData().size();
                    tries = 0;
                }
                return;
            } catch (StatusException e) {
                Status.Code code = e.getStatus().getCode();
                boolean away = code == Status.Code.UNAVAILABLE || code == Status.Code.CANCELLED;
                RookeryException why =
                        Calls.failed(farm, "reading the log of " + job + "/" + step, e);
                if (!away || !follow || !farm.isRemote() || tries >= TRIES) throw why;
                pause(why);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new RookeryException(Blame.HOST, "reading a log was interrupted", e);
            } finally {
                call.cancel("no longer read", null);
            }
        }
    }

    private static void pause(RookeryException why) {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            why.addSuppressed(e);
            throw why;
        }
    }
}
