package rookery.cli.farm;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import rookery.cli.view.Job;
import rookery.model.Blame;
import rookery.model.JobSpec;
import rookery.model.RookeryException;
import rookery.v1.CancelRequest;
import rookery.v1.JobView;
import rookery.v1.JobsGrpc;
import rookery.v1.SubmitRequest;
import rookery.v1.WatchRequest;
import rookery.wire.SpecWire;

/// One job on a farm, from submitting it to its end.
public final class JobRun {
    private static final Duration ANSWER = Duration.ofSeconds(30);

    /// Longer than any job may take that ends at all.
    private static final Duration WATCH = Duration.ofDays(7);

    private final JobsGrpc.JobsBlockingV2Stub jobs;
    private final String id;

    private JobRun(JobsGrpc.JobsBlockingV2Stub jobs, String id) {
        this.jobs = jobs;
        this.id = id;
    }

    /// @param requestId the same for each attempt to submit the same job
    public static JobRun submit(
            FarmClient farm, JobSpec spec, String requestId, boolean push, boolean allowDrop) {
        var request =
                SubmitRequest.newBuilder()
                        .setRequestId(requestId)
                        .setSpec(SpecWire.write(spec))
                        .setPush(push)
                        .setAllowDrop(allowDrop)
                        .build();
        try {
            return new JobRun(farm.jobs(), soon(farm.jobs()).submit(request).getJob());
        } catch (StatusException e) {
            throw failed("submitting the job", e);
        }
    }

    public String id() {
        return id;
    }

    /// Waits for the job's end.
    ///
    /// @param beat how often `show` is called when nothing changes
    public Job watch(Duration beat, Consumer<Job> show) {
        BlockingClientCall<?, JobView> call =
                jobs.withDeadlineAfter(WATCH.toSeconds(), TimeUnit.SECONDS)
                        .watch(WatchRequest.newBuilder().setJob(id).build());
        Job job = null;
        try {
            while (job == null || !job.hasEnded()) {
                try {
                    JobView next = call.read(beat.toMillis(), TimeUnit.MILLISECONDS);
                    if (next == null)
                        throw new RookeryException(
                                Blame.BUG,
                                "the farm stopped telling of job " + id + " before its end");
                    job = JobViews.read(next);
                } catch (TimeoutException _) {
                    // Nothing new; the times go on.
                }
                if (job != null) show.accept(job);
            }
            return job;
        } catch (StatusException e) {
            throw failed("watching job " + id, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RookeryException(Blame.HOST, "watching job " + id + " was interrupted", e);
        } finally {
            call.cancel("no longer watched", null);
        }
    }

    /// Asks the farm to stop the job. Harmless when it has ended.
    public void cancel() {
        try {
            var _ = soon(jobs).cancel(CancelRequest.newBuilder().setJob(id).build());
        } catch (StatusException e) {
            throw failed("cancelling job " + id, e);
        }
    }

    private static JobsGrpc.JobsBlockingV2Stub soon(JobsGrpc.JobsBlockingV2Stub jobs) {
        return jobs.withDeadlineAfter(ANSWER.toSeconds(), TimeUnit.SECONDS);
    }

    /// The farm sorts its refusals by blame; this sorts them back.
    private static RookeryException failed(String what, StatusException e) {
        Status status = e.getStatus();
        Blame blame =
                switch (status.getCode()) {
                    case INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION, PERMISSION_DENIED ->
                            Blame.SPEC;
                    case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, CANCELLED ->
                            Blame.HOST;
                    case OK,
                            UNKNOWN,
                            ALREADY_EXISTS,
                            OUT_OF_RANGE,
                            UNIMPLEMENTED,
                            INTERNAL,
                            DATA_LOSS,
                            UNAUTHENTICATED ->
                            Blame.BUG;
                };
        String said =
                status.getDescription() == null
                        ? status.getCode().toString()
                        : status.getDescription();
        return new RookeryException(blame, what + " failed: " + said, e);
    }
}
