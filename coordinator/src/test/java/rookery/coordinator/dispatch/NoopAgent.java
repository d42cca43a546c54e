package rookery.coordinator.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.ManagedChannel;
import io.grpc.SynchronizationContext;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import rookery.access.Identity;
import rookery.agent.link.SyncLink;
import rookery.agent.session.Effect;
import rookery.agent.session.Event;
import rookery.agent.session.Report;
import rookery.agent.session.Session;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.Limits;
import rookery.model.Order;
import rookery.model.Outcome;
import rookery.oci.Blob;

/// An agent with the real session and link, and no work: what it is to do is done.
final class NoopAgent implements SyncLink.Listener, AutoCloseable {
    /// What every step makes.
    static final Outcome.Made MADE = made();

    private final ManagedChannel channel;
    private final SyncLink link;
    private final Samples roundTrips;
    private final ScheduledFuture<?> beat;
    // The link speaks on its own threads and under its own lock; the session moves in this.
    private final SynchronizationContext core =
            new SynchronizationContext((_, broken) -> broken.printStackTrace());
    private Session session = Session.fresh();
    private final SortedMap<Long, Long> said = new TreeMap<>();
    private volatile boolean heard;

    /// @param number decides when it beats, and how it waits before it comes back
    /// @param roundTrips are told how long it took from each report to the answer that knows it
    NoopAgent(
            Identity identity,
            URI farm,
            int number,
            AgentFacts facts,
            ScheduledExecutorService timer,
            Samples roundTrips) {
        this.channel = identity.channel(farm);
        this.roundTrips = roundTrips;
        this.link =
                new SyncLink(
                        channel,
                        new AgentId(identity.subject().name()),
                        1,
                        facts,
                        this,
                        timer,
                        new Random(number));
        long every = Limits.BEAT.toMillis();
        this.beat =
                timer.scheduleAtFixedRate(
                        () -> core.execute(() -> step(new Event.Tick())),
                        Math.floorMod(number * 37L, every),
                        every,
                        TimeUnit.MILLISECONDS);
        link.start();
    }

    /// Whether it has heard something on its present stream.
    boolean hasHeard() {
        return heard;
    }

    @Override
    public void connected() {
        core.execute(() -> step(new Event.Connected()));
    }

    @Override
    public void disconnected() {
        heard = false;
        core.execute(() -> {
            said.clear();
            step(new Event.Disconnected());
        });
    }

    @Override
    public void desired(long revision, long number, List<Order> orders, boolean drain) {
        heard = true;
        long now = System.nanoTime();
        core.execute(() -> {
            SortedMap<Long, Long> known = said.headMap(number + 1);
            known.values().forEach(at -> roundTrips.add(now - at));
            known.clear();
            step(new Event.Desired(revision, number, orders, drain));
        });
    }

    /// Of several reports only the last is sent, as in an agent.
    private void step(Event first) {
        Deque<Event> events = new ArrayDeque<>(List.of(first));
        Optional<Report> report = Optional.empty();
        while (!events.isEmpty()) {
            Session.Next next = session.on(events.remove());
            session = next.session();
            for (Effect effect : next.effects()) {
                switch (effect) {
                    case Effect.Start(Order order) ->
                            events.add(new Event.StepDone(order.lease(), MADE));
                    case Effect.Kill(var lease) -> events.add(new Event.StepDone(lease, MADE));
                    case Effect.Send(Report whole) -> report = Optional.of(whole);
                    case Effect.Leave() -> {}
                }
            }
        }
        if (report.isEmpty()) return;
        said.put(report.get().number(), System.nanoTime());
        link.send(report.get());
    }

    private static Outcome.Made made() {
        SortedMap<String, Blob> blobs = new TreeMap<>();
        Blob blob = Blob.of("a package".getBytes(UTF_8));
        blobs.put("gpkg", blob);
        return new Outcome.Made(blobs, blob.digest(), new TreeMap<>());
    }

    @Override
    public void close() {
        beat.cancel(false);
        link.close();
        channel.shutdownNow();
    }
}
