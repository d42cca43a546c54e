package rookery.coordinator.rpc;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import rookery.coordinator.farm.Event;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.logs.Logs;
import rookery.coordinator.loop.Loop;
import rookery.coordinator.plan.Planner;
import rookery.model.Blame;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.Limits;
import rookery.model.RookeryException;
import rookery.model.StepId;
import rookery.v1.CancelRequest;
import rookery.v1.CancelResponse;
import rookery.v1.JobView;
import rookery.v1.JobsGrpc;
import rookery.v1.LogData;
import rookery.v1.ReadLogRequest;
import rookery.v1.SubmitRequest;
import rookery.v1.SubmitResponse;
import rookery.v1.WatchRequest;
import rookery.wire.SpecWire;

/// What clients call.
public final class JobsService extends JobsGrpc.JobsImplBase {
    private final Loop loop;
    private final Logs logs;
    private final Function<String, Optional<JobId>> known;
    private final InstantSource clock;
    private final Supplier<JobId> ids;

    /// @param known the job of a request id, also one that ended long ago
    public JobsService(
            Loop loop,
            Logs logs,
            Function<String, Optional<JobId>> known,
            InstantSource clock,
            Supplier<JobId> ids) {
        this.loop = loop;
        this.logs = logs;
        this.known = known;
        this.clock = clock;
        this.ids = ids;
    }

    @Override
    public void submit(SubmitRequest request, StreamObserver<SubmitResponse> answer) {
        try {
            JobSpec spec = SpecWire.read(request.getSpec());
            check(request, spec);
            Optional<JobId> before = known.apply(request.getRequestId());
            if (before.isPresent()) {
                answer.onNext(SubmitResponse.newBuilder().setJob(before.get().value()).build());
                answer.onCompleted();
                return;
            }
            var event =
                    new Event.Submitted(
                            clock.instant(),
                            ids.get(),
                            request.getRequestId(),
                            spec,
                            request.getPush(),
                            request.getAllowDrop(),
                            false);
            Farm farm = loop.ask(event).join();
            JobId id =
                    farm.ofRequest(request.getRequestId())
                            .map(Job::id)
                            .orElseThrow(() ->
                                    new RookeryException(
                                            Blame.BUG, "a submitted job is not in the farm"));
            answer.onNext(SubmitResponse.newBuilder().setJob(id.value()).build());
            answer.onCompleted();
        } catch (RuntimeException e) {
            answer.onError(Errors.status(e));
        }
    }

    /// What would break the plan is refused before it becomes a job.
    private static void check(SubmitRequest request, JobSpec spec) {
        if (request.getRequestId().isBlank())
            throw new RookeryException(Blame.SPEC, "a submission needs a request id");
        try {
            Planner.initial(spec, request.getPush(), request.getAllowDrop());
        } catch (IllegalArgumentException e) {
            throw new RookeryException(Blame.SPEC, "the spec makes no plan: " + e.getMessage(), e);
        }
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<JobView> answer) {
        new Watch(loop, new JobId(request.getJob()), (ServerCallStreamObserver<JobView>) answer)
                .start();
    }

    @Override
    public void cancel(CancelRequest request, StreamObserver<CancelResponse> answer) {
        try {
            loop.ask(new Event.CancelAsked(clock.instant(), new JobId(request.getJob()))).join();
            answer.onNext(CancelResponse.getDefaultInstance());
            answer.onCompleted();
        } catch (RuntimeException e) {
            answer.onError(Errors.status(e));
        }
    }

    @Override
    public void readLog(ReadLogRequest request, StreamObserver<LogData> answer) {
        try {
            var job = new JobId(request.getJob());
            var step = new StepId(request.getStep());
            long offset = request.getOffset();
            if (offset < 0)
                throw Status.INVALID_ARGUMENT
                        .withDescription("a log begins at 0")
                        .asRuntimeException();
            for (byte[] bytes = logs.read(job, step, offset, Limits.LOG_CHUNK_BYTES);
                    bytes.length > 0;
                    bytes = logs.read(job, step, offset, Limits.LOG_CHUNK_BYTES)) {
                answer.onNext(
                        LogData.newBuilder()
                                .setOffset(offset)
                                .setData(ByteString.copyFrom(bytes))
                                .build());
                offset += bytes.length;
            }
            answer.onCompleted();
        } catch (IOException | RuntimeException e) {
            answer.onError(Errors.status(e));
        }
    }
}
