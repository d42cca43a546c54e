package rookery.coordinator.rpc;

import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;

/// One question, one answer.
final class Unary {
    private Unary() {}

    static <A> void answer(StreamObserver<A> to, Supplier<A> answer) {
        A found;
        try {
            found = answer.get();
        } catch (RuntimeException e) {
            to.onError(Errors.status(e));
            return;
        }
        to.onNext(found);
        to.onCompleted();
    }
}
