package rookery.coordinator.rpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import rookery.coordinator.farm.Agent;
import rookery.coordinator.farm.Event;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Results;
import rookery.coordinator.farm.Standing;
import rookery.coordinator.loop.Loop;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.LeaseId;
import rookery.oci.Blob;
import rookery.v1.AgentState;
import rookery.v1.DesiredState;
import rookery.wire.AgentWire;
import rookery.wire.Named;
import rookery.wire.Protocol;

/// One agent's stream. Reports that come faster than the loop takes them are coalesced: each is a
/// whole state, so only the newest counts. An answer goes out when the agent's orders changed or a
/// newer report was taken in.
///
/// The loop's thread only notes that there is news; answers are made and sent by a thread of the
/// stream's own, because the loop must not wait for serialisation.
final class AgentStream implements StreamObserver<AgentState> {
    private final Loop loop;
    private final InstantSource clock;
    private final Streams streams;
    private final Predicate<Blob> held;
    private final Optional<String> certificate;
    private final StreamObserver<DesiredState> answers;
    private final AtomicReference<@Nullable AgentState> newest = new AtomicReference<>();
    private final AtomicBoolean posted = new AtomicBoolean();
    private final AtomicBoolean answering = new AtomicBoolean();
    private final Runnable mourn;
    private volatile @Nullable AgentId agent;
    private volatile long appliedNumber;
    // What was last seen in a snapshot; only the loop's thread reads and writes it.
    private @Nullable Agent seen;
    private long seenNumber;
    // Of the last report that was read; reports are read one at a time.
    private rookery.v1.@Nullable AgentFacts factsMessage;
    private @Nullable AgentFacts facts;
    // Guarded by this: gRPC allows one caller of an observer at a time, and none after its end.
    private boolean ended;
    private Runnable unlisten = () -> {};
    private long sentNumber;
    private boolean sentDrain;
    private long revision;
    // Agents are told everything each time; what they were told before is not made again.
    private SortedMap<LeaseId, rookery.v1.Order> sent = new TreeMap<>();

    /// @param held whether exactly this blob is in the store and whole
    /// @param certificate the name on it; empty where the farm is one process
    AgentStream(
            Loop loop,
            InstantSource clock,
            Streams streams,
            Predicate<Blob> held,
            Optional<String> certificate,
            StreamObserver<DesiredState> answers) {
        this.loop = loop;
        this.clock = clock;
        this.streams = streams;
        this.held = held;
        this.certificate = certificate;
        this.answers = answers;
        // Without a handler of its own a cancelled stream throws at its next answer.
        if (answers instanceof ServerCallStreamObserver<DesiredState> call)
            call.setOnCancelHandler(() -> {
                var _ = end();
            });
        this.mourn = loop.whenDied(this::fail);
    }

    @Override
    public void onNext(AgentState state) {
        try {
            AgentState before = newest.get();
            if (before == null) greet(state);
            else if (!before.getAgent().equals(state.getAgent()))
                throw Errors.refusal(
                        Status.INVALID_ARGUMENT,
                        "a stream belongs to one agent; "
                                + before.getAgent()
                                + " cannot become "
                                + Errors.quoted(state.getAgent())
                                + "; open a stream for each");
            else if (before.getNumber() >= state.getNumber()) return;
            newest.set(state);
            if (posted.compareAndSet(false, true)) post();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /// The first report says who speaks, and how.
    private void greet(AgentState state) {
        AgentId id = Named.agent(state.getAgent());
        Askers.mustBe(certificate, id);
        int version = Protocol.read(state.getProtocolVersion());
        Protocol.refusal(id.value(), version)
                .ifPresent(why -> {
                    throw Errors.refusal(Status.FAILED_PRECONDITION, why);
                });
        agent = id;
        streams.opened(this, id, version, state.getSoftware());
        listen(id);
    }

    private synchronized void listen(AgentId id) {
        if (!ended) unlisten = loop.listen(id, this::look);
    }

    /// Posts the newest report; while it is on its way to the loop, newer ones only take its place.
    private void post() {
        AgentState message = newest.get();
        if (message == null) return;
        AgentWire.State report = read(message);
        var event =
                new Event.Reported(
                        clock.instant(),
                        report.agent(),
                        report.incarnation(),
                        report.facts(),
                        Results.arrived(report.doing(), held),
                        report.draining());
        var _ =
                loop.ask(event)
                        .whenComplete((farm, error) -> {
                            if (error != null) fail(error);
                            else applied(report.agent(), report.number());
                        });
    }

    /// Facts hardly ever change and are dear to read.
    private AgentWire.State read(AgentState message) {
        AgentFacts known = facts;
        if (known == null || !message.getFacts().equals(factsMessage)) {
            known = AgentWire.read(message.getFacts());
            facts = known;
            factsMessage = message.getFacts();
        }
        return AgentWire.read(message, known);
    }

    /// Mostly on the loop's thread, which must not wait for its own queue: a newer report goes by
    /// another. Where the loop was faster than we asked, it looked before this was known, so it is
    /// answered from here.
    private void applied(AgentId id, long number) {
        appliedNumber = Math.max(appliedNumber, number);
        posted.set(false);
        AgentState now = newest.get();
        if (now != null && now.getNumber() > number && posted.compareAndSet(false, true)) {
            Thread.ofVirtual().name("report-" + id).start(this::postOrFail);
        }
        answerSoon(id);
    }

    private void postOrFail() {
        try {
            post();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /// On the loop's thread, after each batch that moved this agent. An agent's value is the very
    /// same until something about it changes, its leases included.
    @SuppressWarnings("ReferenceEquality")
    private void look(Farm farm) {
        AgentId id = agent;
        long applied = appliedNumber;
        if (id == null || applied == 0) return;
        Agent now = farm.agents().get(id);
        if (now == seen && applied == seenNumber) return;
        seen = now;
        seenNumber = applied;
        answerSoon(id);
    }

    private void answerSoon(AgentId id) {
        if (answering.compareAndSet(false, true))
            Thread.ofVirtual().name("answer-" + id).start(() -> answer(id));
    }

    private void answer(AgentId id) {
        try {
            // Cleared first: what comes from here on is another answer's news.
            answering.set(false);
            say(id);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    /// The number is read before the farm, which then knows that report.
    private synchronized void say(AgentId id) {
        if (ended) return;
        long number = appliedNumber;
        Farm farm = loop.snapshot();
        Agent now = farm.agents().get(id);
        boolean drain = now != null && now.conduct().standing() == Standing.DRAINING;
        SortedMap<LeaseId, rookery.v1.Order> orders = orders(farm, now);
        if (number == sentNumber && drain == sentDrain && orders.keySet().equals(sent.keySet()))
            return;
        sent = orders;
        sentNumber = number;
        sentDrain = drain;
        answers.onNext(
                DesiredState.newBuilder()
                        .setNumber(number)
                        .setRevision(++revision)
                        .setProtocolVersion(Protocol.CURRENT)
                        .setDrain(drain)
                        .addAllOrders(orders.values())
                        .build());
    }

    private SortedMap<LeaseId, rookery.v1.Order> orders(Farm farm, @Nullable Agent agent) {
        SortedMap<LeaseId, rookery.v1.Order> orders = new TreeMap<>();
        if (agent == null) return orders;
        for (LeaseId lease : agent.leases().keySet()) {
            rookery.v1.Order told = sent.get(lease);
            if (told != null) orders.put(lease, told);
            else
                farm.order(agent.id(), lease)
                        .ifPresent(order -> orders.put(lease, AgentWire.write(order)));
        }
        return orders;
    }

    private synchronized void fail(Throwable error) {
        if (end()) answers.onError(Errors.status(error));
    }

    /// Whether this call ended the stream.
    private synchronized boolean end() {
        if (ended) return false;
        ended = true;
        unlisten.run();
        mourn.run();
        streams.closed(this);
        AgentId id = agent;
        AgentState last = newest.get();
        // Not on this thread: it may be the loop's own, and the queue may be full.
        if (id != null && last != null)
            Thread.ofVirtual()
                    .name("vanished-" + id)
                    .start(() -> vanish(id, last.getIncarnation()));
        return true;
    }

    /// An agent that came back before its old stream was noticed to be dead has not vanished; what
    /// an earlier start of it left open says nothing of this one. One that comes back while we say
    /// so must be heard again after it.
    private void vanish(AgentId id, long incarnation) {
        if (streams.of(id).stream().anyMatch(s -> s.incarnation() >= incarnation)) return;
        loop.post(new Event.Vanished(clock.instant(), id, incarnation));
        streams.of(id).forEach(AgentStream::repeat);
    }

    private long incarnation() {
        AgentState last = newest.get();
        return last == null ? 0 : last.getIncarnation();
    }

    private void repeat() {
        if (posted.compareAndSet(false, true)) postOrFail();
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
