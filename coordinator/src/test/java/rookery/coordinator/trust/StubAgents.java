package rookery.coordinator.trust;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import rookery.v1.AgentState;
import rookery.v1.AgentsGrpc;
import rookery.v1.DesiredState;

/// Answers each report of an agent, and keeps what it heard.
final class StubAgents extends AgentsGrpc.AgentsImplBase {
    private static final int PATIENCE_SECONDS = 60;

    final List<String> heard = new CopyOnWriteArrayList<>();
    final List<String> serials = new CopyOnWriteArrayList<>();
    private final CountDownLatch gone = new CountDownLatch(1);

    @Override
    public StreamObserver<AgentState> sync(StreamObserver<DesiredState> answers) {
        return new StreamObserver<>() {
            @Override
            public void onNext(AgentState state) {
                heard.add(state.getAgent());
                serials.add(Callers.current().orElseThrow().serial());
                answers.onNext(DesiredState.getDefaultInstance());
            }

            @Override
            public void onError(Throwable error) {
                gone.countDown();
            }

            @Override
            public void onCompleted() {
                answers.onCompleted();
            }
        };
    }

    void awaitGone() throws InterruptedException {
        if (!gone.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
            throw new AssertionError("the service was not told that its caller went away");
    }

    /// One open stream, from the agent's side.
    Conversation talk(ManagedChannel channel) {
        return new Conversation(channel);
    }

    static final class Conversation implements StreamObserver<DesiredState> {
        private final BlockingQueue<DesiredState> answers = new LinkedBlockingQueue<>();
        private final CompletableFuture<Status> end = new CompletableFuture<>();
        private final StreamObserver<AgentState> reports;

        Conversation(ManagedChannel channel) {
            reports = AgentsGrpc.newStub(channel).sync(this);
        }

        void say(String agent) {
            reports.onNext(AgentState.newBuilder().setAgent(agent).build());
        }

        void awaitAnswer() throws InterruptedException {
            if (answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS) == null)
                throw new AssertionError("no answer came; the stream: " + end);
        }

        Status end() throws Exception {
            return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        @Override
        public void onNext(DesiredState answer) {
            answers.add(answer);
        }

        @Override
        public void onError(Throwable error) {
            end.complete(Status.fromThrowable(error));
        }

        @Override
        public void onCompleted() {
            end.complete(Status.OK);
        }
    }
}
