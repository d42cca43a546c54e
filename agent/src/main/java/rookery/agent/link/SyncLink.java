package rookery.agent.link;

import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import rookery.agent.session.Report;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.Order;
import rookery.model.RookeryException;
import rookery.v1.AgentState;
import rookery.v1.AgentsGrpc;
import rookery.v1.DesiredState;
import rookery.wire.AgentWire;
import rookery.wire.Protocol;

/// The `Sync` stream.
///
/// ```
/// Down --timer--> Up (listener: connected; its first report opens the stream's conversation)
/// Up --error, end, unreadable answer--> Down (listener: disconnected), timer set with backoff
/// ```
///
/// The listener hears of one stream at a time: after `disconnected` nothing of an old stream comes.
public final class SyncLink implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(SyncLink.class.getName());

    /// For people who look at the farm's agents; class files without a jar have none.
    private static final String SOFTWARE =
            Objects.requireNonNullElse(
                    SyncLink.class.getPackage().getImplementationVersion(), "from source");

    /// Hears what happens to the stream, in order, one call at a time; must not block.
    public interface Listener {
        void connected();

        void disconnected();

        /// @param drain whether the agent should leave once it is done
        void desired(long revision, long number, List<Order> orders, boolean drain);
    }

    private final Channel channel;
    private final AgentId agent;
    private final long incarnation;
    private final AgentFacts facts;
    private final Listener listener;
    private final ScheduledExecutorService timer;
    private final Backoff backoff;
    private final Object lock = new Object();

    // Guarded by the lock.
    private @Nullable Stream current;
    private boolean isClosed;

    /// @param timer sets off reconnects; belongs to the caller
    public SyncLink(
            Channel channel,
            AgentId agent,
            long incarnation,
            AgentFacts facts,
            Listener listener,
            ScheduledExecutorService timer,
            RandomGenerator random) {
        this.channel = channel;
        this.agent = agent;
        this.incarnation = incarnation;
        this.facts = facts;
        this.listener = listener;
        this.timer = timer;
        this.backoff = new Backoff(random);
    }

    public void start() {
        connect();
    }

    /// Says this when the stream has room; replaces what was not said yet. Without a stream it is
    /// dropped: the next one begins with a report of its own.
    public void send(Report report) {
        synchronized (lock) {
            if (current != null) {
                current.unsent = report;
                current.flush();
            }
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            isClosed = true;
            if (current != null) current.end();
        }
    }

    private void connect() {
        synchronized (lock) {
            if (isClosed || current != null) return;
            var stream = new Stream();
            current = stream;
            AgentsGrpc.newStub(channel).sync(stream);
            listener.connected();
        }
    }

    private void lost(Stream stream, String why) {
        synchronized (lock) {
            if (current != stream) return;
            current = null;
            listener.disconnected();
            if (isClosed) return;
            long wait = backoff.next().toMillis();
            LOG.log(
                    Level.WARNING,
                    "agent=" + agent + " link=down retry_ms=" + wait + " why=" + why);
            var _ = timer.schedule(this::connect, wait, TimeUnit.MILLISECONDS);
        }
    }

    private AgentState message(Report report) {
        return AgentWire.write(
                new AgentWire.State(
                        agent,
                        incarnation,
                        report.number(),
                        Protocol.CURRENT,
                        report.draining(),
                        SOFTWARE,
                        facts,
                        report.doing()));
    }

    /// One stream, from its call to its end.
    private final class Stream implements ClientResponseObserver<AgentState, DesiredState> {
        private @Nullable ClientCallStreamObserver<AgentState> out;
        private @Nullable Report unsent;

        // Each answer says all orders again, and an order stays the same under its lease. Answers
        // come one at a time.
        private Map<Long, Order> known = Map.of();

        @Override
        public void beforeStart(ClientCallStreamObserver<AgentState> requests) {
            out = requests;
            requests.setOnReadyHandler(() -> {
                synchronized (lock) {
                    flush();
                }
            });
        }

        /// Under the lock.
        private void flush() {
            if (out == null || unsent == null || current != this || !out.isReady()) return;
            Report report = unsent;
            unsent = null;
            out.onNext(message(report));
        }

        /// Under the lock.
        private void end() {
            cancel("the agent is closing", null);
        }

        /// Under the lock. On a cancelled call nothing more may be said.
        private void cancel(String why, @Nullable Throwable cause) {
            if (out == null) return;
            ClientCallStreamObserver<AgentState> ending = out;
            out = null;
            ending.cancel(why, cause);
        }

        @Override
        public void onNext(DesiredState answer) {
            List<Order> orders;
            try {
                orders = orders(answer);
            } catch (RookeryException e) {
                // Half of an answer would kill steps that the other half still wants.
                LOG.log(Level.ERROR, "agent=" + agent + " answer=unreadable " + e.getMessage());
                synchronized (lock) {
                    cancel("an answer that cannot be read", e);
                }
                return;
            }
            synchronized (lock) {
                if (current != this) return;
                backoff.succeeded();
                listener.desired(
                        answer.getRevision(), answer.getNumber(), orders, answer.getDrain());
            }
        }

        private List<Order> orders(DesiredState answer) {
            Map<Long, Order> read = new LinkedHashMap<>();
            for (rookery.v1.Order order : answer.getOrdersList()) {
                Order before = known.get(order.getLease());
                read.put(order.getLease(), before != null ? before : AgentWire.read(order));
            }
            known = read;
            return List.copyOf(read.values());
        }

        @Override
        public void onError(Throwable failure) {
            lost(this, String.valueOf(failure.getMessage()));
        }

        @Override
        public void onCompleted() {
            lost(this, "the coordinator ended the stream");
        }
    }
}
