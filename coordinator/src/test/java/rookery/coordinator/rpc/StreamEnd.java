package rookery.coordinator.rpc;

import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import rookery.v1.DesiredState;

/// What an agent hears on its stream, and how that ended.
final class StreamEnd implements StreamObserver<DesiredState> {
    private static final int PATIENCE_SECONDS = 60;

    private final BlockingQueue<DesiredState> heard = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();

    @Override
    public void onNext(DesiredState state) {
        heard.add(state);
    }

    @Override
    public void onError(Throwable failure) {
        end.complete(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
        end.complete(Status.OK);
    }

    Status status() throws Exception {
        return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    DesiredState next() throws InterruptedException {
        DesiredState state = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (state == null) throw new AssertionError("nothing was said; the stream: " + end);
        return state;
    }
}
