package rookery.coordinator.dispatch;

import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import rookery.access.Identity;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.Doing;
import rookery.model.LeaseId;
import rookery.v1.AgentState;
import rookery.v1.AgentsGrpc;
import rookery.v1.DesiredState;
import rookery.wire.AgentWire;
import rookery.wire.Protocol;

/// The floor's client: keeps some messages outstanding on one stream, each an agent's report of one
/// finished step.
final class Pinger implements StreamObserver<DesiredState>, AutoCloseable {
    private final ManagedChannel channel;
    private final StreamObserver<AgentState> out;
    private final AgentState message;
    private final Samples roundTrips;
    private final Map<Long, Long> said = new ConcurrentHashMap<>();
    private final AtomicLong number = new AtomicLong();

    Pinger(Identity identity, URI farm, AgentFacts facts, int outstanding, Samples roundTrips) {
        this.channel = identity.channel(farm);
        this.roundTrips = roundTrips;
        this.message =
                AgentWire.write(
                        new AgentWire.State(
                                new AgentId(identity.subject().name()),
                                1,
                                0,
                                Protocol.CURRENT,
                                false,
                                "",
                                facts,
                                java.util.List.of(
                                        new Doing.Finished(new LeaseId(1), NoopAgent.MADE))));
        this.out = AgentsGrpc.newStub(channel).sync(this);
        for (int i = 0; i < outstanding; i++) say();
    }

    private synchronized void say() {
        long next = number.incrementAndGet();
        said.put(next, System.nanoTime());
        out.onNext(message.toBuilder().setNumber(next).build());
    }

    @Override
    public void onNext(DesiredState answer) {
        Long at = said.remove(answer.getNumber());
        if (at != null) roundTrips.add(System.nanoTime() - at);
        say();
    }

    @Override
    public void onError(Throwable error) {}

    @Override
    public void onCompleted() {}

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
