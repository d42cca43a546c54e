package rookery.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rookery.model.Doing;
import rookery.model.LeaseId;
import rookery.model.Order;
import rookery.model.Outcome;
import rookery.oci.Digest;

/// A session and a small coordinator with lost, doubled and cut messages between them. The seed is
/// the test's parameter, so a failure names it.
class SessionNoiseTest {
    private static final int STEPS = 4_000;
    private static final int CALM = 200;
    private static final Outcome DONE =
            new Outcome.Made(new TreeMap<>(), new Digest("a".repeat(64)), new TreeMap<>());

    /// Lends, cancels, and accepts results; answers every report with what it wants.
    private static final class Lender {
        final TreeMap<Long, Order> wanted = new TreeMap<>();
        final TreeSet<Long> accepted = new TreeSet<>();
        private long lease;
        private long revision;

        Event.Desired hear(Report report) {
            for (Doing doing : report.doing()) {
                if (doing instanceof Doing.Finished(LeaseId l, Outcome o)
                        && wanted.remove(l.number()) != null
                        && o instanceof Outcome.Made) {
                    assertThat(accepted.add(l.number())).isTrue();
                }
            }
            return new Event.Desired(++revision, report.number(), List.copyOf(wanted.values()));
        }

        void lend() {
            wanted.put(++lease, SessionTest.order(lease));
        }

        void cancel(Random random) {
            if (!wanted.isEmpty())
                wanted.remove(List.copyOf(wanted.keySet()).get(random.nextInt(wanted.size())));
        }

        void restart() {
            revision = 0;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89})
    void noiseStartsNothingTwiceAndLosesNothing(long seed) {
        var random = new Random(seed);
        var lender = new Lender();
        var session = Session.fresh();
        var up = new ArrayDeque<Report>();
        var down = new ArrayDeque<Event.Desired>();
        var events = new ArrayDeque<Event>();
        var started = new TreeSet<Long>();
        var running = new TreeSet<Long>();
        long lastNumber = 0;
        for (int i = 0; i < STEPS + CALM; i++) {
            boolean isCalm = i >= STEPS;
            switch (isCalm ? 5 + random.nextInt(5) : random.nextInt(10)) {
                case 0 -> lender.lend();
                case 1 -> lender.cancel(random);
                case 2 -> {
                    up.clear();
                    down.clear();
                    if (random.nextInt(4) == 0) lender.restart();
                    events.add(new Event.Disconnected());
                    events.add(new Event.Connected());
                }
                case 3 -> {
                    if (!up.isEmpty()) up.removeFirst();
                }
                case 4 -> {
                    if (!down.isEmpty()) down.addFirst(down.getFirst());
                }
                case 5 -> events.add(new Event.Tick());
                case 6, 7 -> {
                    if (!up.isEmpty()) down.add(lender.hear(up.removeFirst()));
                }
                case 8 -> {
                    if (!down.isEmpty()) events.add(down.removeFirst());
                }
                case 9 -> {
                    if (!running.isEmpty())
                        events.add(new Event.StepDone(new LeaseId(running.removeFirst()), DONE));
                }
                default -> throw new AssertionError();
            }
            if (i == STEPS) {
                events.add(new Event.Disconnected());
                events.add(new Event.Connected());
                up.clear();
                down.clear();
                lender.restart();
            }
            if (isCalm) {
                while (!up.isEmpty()) events.add(lender.hear(up.removeFirst()));
                while (!running.isEmpty())
                    events.add(new Event.StepDone(new LeaseId(running.removeFirst()), DONE));
            }
            while (!events.isEmpty()) {
                Session.Next next = session.on(events.removeFirst());
                session = next.session();
                for (Effect effect : new ArrayList<>(next.effects())) {
                    switch (effect) {
                        case Effect.Start(Order order) -> {
                            assertThat(started.add(order.lease().number())).isTrue();
                            running.add(order.lease().number());
                        }
                        case Effect.Kill(LeaseId lease) -> {
                            if (running.remove(lease.number()))
                                events.add(new Event.StepDone(lease, DONE));
                        }
                        case Effect.Send(Report report) -> {
                            assertThat(report.number()).isGreaterThan(lastNumber);
                            lastNumber = report.number();
                            up.add(report);
                        }
                        case Effect.Leave() -> throw new AssertionError("nobody told it to");
                    }
                }
            }
        }
        assertThat(lender.wanted).isEmpty();
        assertThat(session.held()).isEmpty();
        assertThat(running).isEmpty();
        assertThat(started).containsAll(lender.accepted);
    }
}
