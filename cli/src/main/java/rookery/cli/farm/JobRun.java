package rookery.cli.farm;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import rookery.cli.view.Job;
import rookery.model.Blame;
import rookery.model.JobSpec;
import rookery.model.RookeryException;
import rookery.v1.CancelRequest;
import rookery.v1.JobView;
import rookery.v1.SubmitRequest;
import rookery.v1.SubmitResponse;
import rookery.v1.WatchRequest;
import rookery.wire.SpecWire;

/// One job on a farm, from submitting it to its end. A farm elsewhere may be started anew
/// meanwhile: its jobs go on, and so does the watching.
public final class JobRun {
    /// Longer than any job may take that ends at all.
    private static final Duration WATCH = Duration.ofDays(7);

    /// How long a farm may be away before nobody waits for it any more.
    private static final Duration AWAY = Duration.ofMinutes(5);

    /// How long to wait before the next try.
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final FarmClient farm;
    private final String id;
    private final List<String> warnings;

    private JobRun(FarmClient farm, String id, List<String> warnings) {
        this.farm = farm;
        this.id = id;
        this.warnings = List.copyOf(warnings);
    }

    /// How a job is asked for.
    ///
    /// @param requestId the same for each attempt to submit the same job
    /// @param planOnly it ends when its graphs are resolved
    public record Asked(String requestId, boolean push, boolean allowDrop, boolean planOnly) {}

    /// A job that was submitted before.
    public static JobRun of(FarmClient farm, String id) {
        return new JobRun(farm, id, List.of());
    }

    public static JobRun submit(FarmClient farm, JobSpec spec, Asked asked) {
        var request =
                SubmitRequest.newBuilder()
                        .setRequestId(asked.requestId())
                        .setSpec(SpecWire.write(spec))
                        .setPush(asked.push())
                        .setAllowDrop(asked.allowDrop())
                        .setPlanOnly(asked.planOnly())
                        .build();
        SubmitResponse answer =
                Calls.make(
                        farm, "submitting the job", () -> Calls.soon(farm.jobs()).submit(request));
        return new JobRun(farm, answer.getJob(), answer.getWarningsList());
    }

    public String id() {
        return id;
    }

    /// What the farm said when it took the job.
    public List<String> warnings() {
        return warnings;
    }

    /// Waits for the job's end.
    ///
    /// @param beat how often `show` is called when nothing changes
    public Job watch(Duration beat, Consumer<Job> show) {
        boolean isAway = false;
        long awaySince = 0;
        while (true) {
            try {
                return watchOnce(beat, show);
            } catch (Lost lost) {
                if (lost.sawSomething || !isAway) awaySince = System.nanoTime();
                isAway = true;
                if (!farm.isRemote()) throw lost.why;
                if (System.nanoTime() - awaySince > AWAY.toNanos()) throw lost.why;
                pause();
            }
        }
    }

    /// The farm went away while it was telling.
    private static final class Lost extends Exception {
        private final RookeryException why;
        private final boolean sawSomething;

        private Lost(RookeryException why, boolean sawSomething) {
            super(why);
            this.why = why;
            this.sawSomething = sawSomething;
        }
    }

    private Job watchOnce(Duration beat, Consumer<Job> show) throws Lost {
        BlockingClientCall<?, JobView> call =
                farm.jobs()
                        .withDeadlineAfter(WATCH.toSeconds(), TimeUnit.SECONDS)
                        .watch(WatchRequest.newBuilder().setJob(id).build());
        @Nullable Job job = null;
        try {
            while (job == null || !job.hasEnded()) {
                try {
                    JobView next = call.read(beat.toMillis(), TimeUnit.MILLISECONDS);
                    if (next == null)
                        throw new Lost(
                                new RookeryException(
                                        Blame.BUG,
                                        "the farm stopped telling of job "
                                                + id
                                                + " before its end"),
                                job != null);
                    job = JobViews.read(next);
                } catch (TimeoutException _) {
                    // Nothing new; the times go on.
                }
                if (job != null) show.accept(job);
            }
            return job;
        } catch (StatusException e) {
            RookeryException why = Calls.failed(farm, "watching job " + id, e);
            Status.Code code = e.getStatus().getCode();
            boolean away = code == Status.Code.UNAVAILABLE || code == Status.Code.CANCELLED;
            if (away && farm.isRemote()) throw new Lost(why, job != null);
            throw why;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RookeryException(Blame.HOST, "watching job " + id + " was interrupted", e);
        } finally {
            call.cancel("no longer watched", null);
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RookeryException(Blame.HOST, "watching job " + id + " was interrupted", e);
        }
    }

    /// Asks the farm to stop the job. Harmless when it has ended.
    public void cancel() {
        var _ =
                Calls.make(
                        farm,
                        "cancelling job " + id,
                        () ->
                                Calls.soon(farm.jobs())
                                        .cancel(CancelRequest.newBuilder().setJob(id).build()));
    }
}
