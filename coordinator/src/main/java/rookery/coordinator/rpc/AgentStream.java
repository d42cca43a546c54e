package rookery.coordinator.rpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import rookery.coordinator.farm.Event;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.loop.Loop;
import rookery.model.AgentId;
import rookery.model.Blame;
import rookery.model.Order;
import rookery.model.RookeryException;
import rookery.v1.AgentState;
import rookery.v1.DesiredState;
import rookery.wire.AgentWire;

/// One agent's stream. Reports that come faster than the loop takes them are coalesced: each is a
/// whole state, so only the newest counts. An answer goes out when the agent's orders changed or a
/// newer report was taken in.
final class AgentStream implements StreamObserver<AgentState> {
    private record Report(AgentId agent, long incarnation, long number, AgentState message) {}

    private final Loop loop;
    private final InstantSource clock;
    private final StreamObserver<DesiredState> answers;
    private final AtomicReference<@Nullable Report> newest = new AtomicReference<>();
    private final AtomicBoolean posted = new AtomicBoolean();
    private final Runnable unlisten;
    private volatile long appliedNumber;
    // Guarded by this: gRPC allows one caller of an observer at a time, and none after its end.
    private boolean ended;
    private long sentNumber;
    private long revision;
    private List<Order> sent = List.of();

    AgentStream(Loop loop, InstantSource clock, StreamObserver<DesiredState> answers) {
        this.loop = loop;
        this.clock = clock;
        this.answers = answers;
        // Without a handler of its own a cancelled stream throws at its next answer.
        if (answers instanceof ServerCallStreamObserver<DesiredState> call)
            call.setOnCancelHandler(() -> {
                var _ = end();
            });
        this.unlisten = loop.listen(this::push);
        var _ = loop.died().thenAccept(this::fail);
    }

    @Override
    public void onNext(AgentState state) {
        try {
            var report =
                    new Report(
                            new AgentId(state.getAgent()),
                            state.getIncarnation(),
                            state.getNumber(),
                            state);
            Report before = newest.get();
            if (before != null && !before.agent.equals(report.agent)) {
                throw new RookeryException(
                        Blame.SPEC,
                        "a stream belongs to one agent; "
                                + before.agent
                                + " cannot become "
                                + report.agent);
            }
            if (before != null && before.number >= report.number) return;
            newest.set(report);
            if (posted.compareAndSet(false, true)) post();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /// Posts the newest report; while it is on its way to the loop, newer ones only take its place.
    private void post() {
        Report report = newest.get();
        if (report == null) return;
        var event =
                new Event.Reported(
                        clock.instant(),
                        report.agent,
                        report.incarnation,
                        AgentWire.read(report.message.getFacts()),
                        report.message.getDoingList().stream().map(AgentWire::read).toList(),
                        false);
        var _ =
                loop.ask(event)
                        .whenComplete((farm, error) -> {
                            if (error != null) fail(error);
                            else applied(report);
                        });
    }

    /// On the loop's thread, which must not wait for its own queue: a newer report goes by another.
    private void applied(Report report) {
        appliedNumber = Math.max(appliedNumber, report.number);
        posted.set(false);
        Report now = newest.get();
        if (now != null && now.number > report.number && posted.compareAndSet(false, true)) {
            Thread.ofVirtual().name("report-" + report.agent).start(this::postOrFail);
        }
    }

    private void postOrFail() {
        try {
            post();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private synchronized void push(Farm farm) {
        Report report = newest.get();
        if (report == null || appliedNumber == 0 || ended) return;
        List<Order> orders = farm.desired(report.agent);
        if (appliedNumber == sentNumber && orders.equals(sent)) return;
        sent = orders;
        sentNumber = appliedNumber;
        answers.onNext(
                DesiredState.newBuilder()
                        .setNumber(sentNumber)
                        .setRevision(++revision)
                        .addAllOrders(orders.stream().map(AgentWire::write).toList())
                        .build());
    }

    private synchronized void fail(Throwable error) {
        if (end()) answers.onError(Errors.status(error));
    }

    /// Whether this call ended the stream.
    private synchronized boolean end() {
        if (ended) return false;
        ended = true;
        unlisten.run();
        Report last = newest.get();
        // Not on this thread: it may be the loop's own, and the queue may be full.
        if (last != null) {
            Thread.ofVirtual()
                    .name("vanished-" + last.agent)
                    .start(() ->
                            loop.post(
                                    new Event.Vanished(
                                            clock.instant(), last.agent, last.incarnation)));
        }
        return true;
    }

    @Override
    public void onError(Throwable error) {
        var _ = end();
    }

    @Override
    public synchronized void onCompleted() {
        if (end()) answers.onCompleted();
    }
}
