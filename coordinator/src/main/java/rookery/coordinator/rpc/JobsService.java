package rookery.coordinator.rpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.util.function.Predicate;
import java.util.function.Supplier;
import rookery.coordinator.farm.Event;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepRef;
import rookery.coordinator.logs.Logs;
import rookery.coordinator.loop.Loop;
import rookery.coordinator.store.Store;
import rookery.model.JobId;
import rookery.oci.Digest;
import rookery.v1.CancelRequest;
import rookery.v1.CancelResponse;
import rookery.v1.GetJobRequest;
import rookery.v1.JobView;
import rookery.v1.JobsGrpc;
import rookery.v1.ListJobsRequest;
import rookery.v1.ListJobsResponse;
import rookery.v1.LogData;
import rookery.v1.ReadLogRequest;
import rookery.v1.RetryRequest;
import rookery.v1.RetryResponse;
import rookery.v1.SubmitRequest;
import rookery.v1.SubmitResponse;
import rookery.v1.ValidateRequest;
import rookery.v1.ValidateResponse;
import rookery.v1.WatchRequest;
import rookery.v1.WhyRequest;
import rookery.v1.WhyResponse;
import rookery.wire.Named;
import rookery.wire.SpecWire;

/// What clients call about jobs.
public final class JobsService extends JobsGrpc.JobsImplBase {
    private final Loop loop;
    private final Logs logs;
    private final Followers followers;
    private final InstantSource clock;
    private final JobBook book;
    private final Submissions submissions;

    /// @param held whether a blob is in the store and whole
    public JobsService(
            Loop loop,
            Store store,
            Logs logs,
            Followers followers,
            InstantSource clock,
            Supplier<JobId> ids,
            Predicate<Digest> held) {
        this.loop = loop;
        this.logs = logs;
        this.followers = followers;
        this.clock = clock;
        this.book = new JobBook(loop, store);
        this.submissions = new Submissions(loop, book, clock, ids, held);
    }

    @Override
    public void submit(SubmitRequest request, StreamObserver<SubmitResponse> answer) {
        Unary.answer(answer, () -> submissions.submit(request, Askers.name()));
    }

    @Override
    public void validate(ValidateRequest request, StreamObserver<ValidateResponse> answer) {
        Unary.answer(answer, () -> submissions.validate(request));
    }

    @Override
    public void get(GetJobRequest request, StreamObserver<JobView> answer) {
        Unary.answer(
                answer,
                () -> {
                    Sight sight = book.find(Named.job(request.getJob()));
                    return Views.job(sight).toBuilder()
                            .setSpec(SpecWire.write(sight.job().spec()))
                            .build();
                });
    }

    @Override
    public void list(ListJobsRequest request, StreamObserver<ListJobsResponse> answer) {
        Unary.answer(answer, () -> JobPages.page(request, book, loop.snapshot()));
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<JobView> answer) {
        try {
            var client = (ServerCallStreamObserver<JobView>) answer;
            new Watch(loop, book, Named.job(request.getJob()), client).start();
        } catch (RuntimeException e) {
            answer.onError(Errors.status(e));
        }
    }

    @Override
    public void cancel(CancelRequest request, StreamObserver<CancelResponse> answer) {
        Unary.answer(
                answer,
                () -> {
                    JobId id = book.find(Named.job(request.getJob())).job().id();
                    loop.ask(new Event.CancelAsked(clock.instant(), id)).join();
                    return CancelResponse.getDefaultInstance();
                });
    }

    @Override
    public void retry(RetryRequest request, StreamObserver<RetryResponse> answer) {
        Unary.answer(
                answer,
                () -> {
                    Job job = book.find(Named.job(request.getJob())).job();
                    switch (job.status()) {
                        case Job.Status.Failed _, Job.Status.Cancelled _ ->
                                loop.ask(new Event.RetryAsked(clock.instant(), job)).join();
                        case Job.Status.Running
                                        _ -> {} // as after a first retry whose answer was lost
                        case Job.Status.Done _ ->
                                throw Errors.refusal(
                                        Status.FAILED_PRECONDITION,
                                        "job "
                                                + job.id()
                                                + " is done, there is nothing to try again; submit the spec anew to build it anew");
                    }
                    return RetryResponse.getDefaultInstance();
                });
    }

    @Override
    public void readLog(ReadLogRequest request, StreamObserver<LogData> answer) {
        try {
            if (request.getOffset() < 0)
                throw Errors.refusal(
                        Status.INVALID_ARGUMENT,
                        "a log begins at 0, not at " + request.getOffset() + "; ask from 0 on");
            var ref = new StepRef(Named.job(request.getJob()), Named.step(request.getStep()));
            JobBook.row(book.find(ref.job()).job(), ref.step());
            new LogTail(
                            loop,
                            logs,
                            book,
                            followers.enter(ref),
                            ref,
                            request.getOffset(),
                            request.getFollow(),
                            (ServerCallStreamObserver<LogData>) answer)
                    .start();
        } catch (RuntimeException e) {
            answer.onError(Errors.status(e));
        }
    }

    @Override
    public void why(WhyRequest request, StreamObserver<WhyResponse> answer) {
        Unary.answer(
                answer,
                () -> {
                    Sight sight = book.find(Named.job(request.getJob()));
                    var row = JobBook.row(sight.job(), Named.step(request.getStep()));
                    return WhyResponse.newBuilder()
                            .setSentence(Views.why(sight, row))
                            .setEtaMs(Views.eta(sight.farm(), sight.job().id()))
                            .build();
                });
    }
}
