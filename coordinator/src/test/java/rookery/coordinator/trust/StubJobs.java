package rookery.coordinator.trust;

import io.grpc.stub.StreamObserver;
import rookery.v1.GetJobRequest;
import rookery.v1.JobView;
import rookery.v1.JobsGrpc;

/// Answers with who is calling.
final class StubJobs extends JobsGrpc.JobsImplBase {
    @Override
    public void get(GetJobRequest request, StreamObserver<JobView> answer) {
        answer.onNext(
                JobView.newBuilder()
                        .setProject(Callers.current().map(Caller::toString).orElse("the owner"))
                        .build());
        answer.onCompleted();
    }
}
