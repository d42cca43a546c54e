package rookery.coordinator.rpc;

import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
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
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Runnable unlisten;
    private volatile long appliedNumber;
    // Touched by the loop's thread only.
    private long sentNumber;
    private long revision;
    private List<Order> sent = List.of();

    AgentStream(Loop loop, InstantSource clock, StreamObserver<DesiredState> answers) {
        this.loop = loop;
        this.clock = clock;
        this.answers = answers;
        this.unlisten = loop.listen(this::push);
    }

    @Override
    public void onNext(AgentState state) {
        try {
            Report before = newest.get();
            var report =
                    new Report(
                            new AgentId(state.getAgent()),
                            state.getIncarnation(),
                            state.getNumber(),
                            state);
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
            end();
            answers.onError(Errors.status(e));
        }
    }

    private void post() {
        posted.set(false);
        Report report = newest.get();
        if (report == null) return;
        var event =
                new Event.Reported(
                        clock.instant(),
                        report.agent,
                        report.incarnation,
                        AgentWire.read(report.message.getFacts()),
                        report.message.getDoingList().stream().map(AgentWire::read).toList());
        var _ =
                loop.ask(event)
                        .whenComplete((farm, error) -> {
                            if (error != null) {
                                end();
                                answers.onError(Errors.status(error));
                            } else {
                                appliedNumber = Math.max(appliedNumber, report.number);
                            }
                        });
    }

    private void push(Farm farm) {
        Report report = newest.get();
        if (report == null || appliedNumber == 0 || ended.get()) return;
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

    private void end() {
        unlisten.run();
        if (!ended.compareAndSet(false, true)) return;
        Optional.ofNullable(newest.get())
                .ifPresent(r ->
                        loop.post(new Event.Vanished(clock.instant(), r.agent, r.incarnation)));
    }

    @Override
    public void onError(Throwable error) {
        end();
    }

    @Override
    public void onCompleted() {
        end();
        answers.onCompleted();
    }
}
