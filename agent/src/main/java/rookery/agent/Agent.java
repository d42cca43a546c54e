package rookery.agent;

import io.grpc.Channel;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import rookery.agent.artifacts.Blobs;
import rookery.agent.link.LogShipper;
import rookery.agent.link.SyncLink;
import rookery.agent.session.Effect;
import rookery.agent.session.Event;
import rookery.agent.workspace.Cache;
import rookery.model.AgentFacts;
import rookery.model.Failure;
import rookery.model.LeaseId;
import rookery.model.Limits;
import rookery.model.Order;
import rookery.model.Outcome;
import rookery.model.RookeryException;

/// A running agent.
public final class Agent implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Agent.class.getName());

    /// How long a finished step waits for its log to arrive before its result.
    private static final Duration LOG_FIRST = Duration.ofSeconds(10);

    /// How long closing waits for steps to die.
    private static final Duration DYING = Duration.ofSeconds(30);

    private final AgentConfig config;
    private final Channel channel;
    private final Cache cache;
    private final Hands hands;
    private final Path logs;
    private final ScheduledExecutorService timer;
    private final Core core;
    private final SyncLink link;
    private final ConcurrentHashMap<LeaseId, Thread> running = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<LeaseId, LogShipper> shipping = new ConcurrentHashMap<>();
    private final RandomGenerator random = new Random();
    private final CompletableFuture<Leaving> left = new CompletableFuture<>();

    /// Why an agent has nothing more to do.
    public enum Leaving {
        /// It was told to, has finished its steps, and the coordinator has their results.
        DRAINED,
        /// It broke a rule of its own and let go of everything; its log says more.
        BROKEN
    }

    private Agent(AgentConfig config, Channel channel, Cache cache, Hands hands)
            throws IOException {
        this.config = config;
        this.channel = channel;
        this.cache = cache;
        this.hands = hands;
        this.logs = cache.room("logs").directory("logs");
        this.timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("agent-timer").factory());
        this.core = new Core(this::on, this::cannotGoOn);
        this.link =
                new SyncLink(
                        channel,
                        config.id(),
                        config.incarnation(),
                        hands.facts(),
                        core,
                        timer,
                        random);
    }

    /// Looks at the machine, then connects and works until it is closed.
    ///
    /// @param channel to the coordinator; stays the caller's
    /// @param blobs where inputs come from and results go
    /// @throws RookeryException with blame HOST where this machine cannot run steps, with what to
    ///   do
    public static Agent start(AgentConfig config, Channel channel, Blobs blobs)
            throws IOException, InterruptedException {
        return start(config, channel, cache -> BuildHands.open(config, cache, blobs));
    }

    /// With hands that somebody else made.
    ///
    /// @param hands closed with the agent
    public static Agent start(AgentConfig config, Channel channel, Hands hands)
            throws IOException, InterruptedException {
        return start(config, channel, _ -> hands);
    }

    private interface Opener {
        Hands open(Cache cache) throws IOException, InterruptedException;
    }

    private static Agent start(AgentConfig config, Channel channel, Opener opener)
            throws IOException, InterruptedException {
        Cache cache = Cache.open(config.cacheDir(), name(config));
        Optional<Hands> hands = Optional.empty();
        boolean isStarted = false;
        try {
            hands = Optional.of(opener.open(cache));
            var agent = new Agent(config, channel, cache, hands.get());
            agent.begin();
            isStarted = true;
            return agent;
        } finally {
            if (!isStarted) {
                if (hands.isPresent()) hands.get().close();
                cache.close();
            }
        }
    }

    /// What it tells the coordinator of this machine.
    public AgentFacts facts() {
        return hands.facts();
    }

    /// Takes nothing new from now on, finishes what it has, and then [#left]. Harmless when
    /// repeated.
    public void drain() {
        core.tell(new Event.Draining());
    }

    /// Kills every step, tells the coordinator that others shall do them, and then [#left]. A
    /// coordinator that is away is waited for: bound the wait.
    public void abort() {
        core.tell(new Event.Aborting());
    }

    /// Completes when the agent has no more to do; it is still to be closed.
    public CompletableFuture<Leaving> left() {
        return left.copy();
    }

    /// Ends every step and forgets it: the coordinator lends them anew. An interrupt meanwhile is
    /// kept for the caller; nothing is left half closed.
    @Override
    public void close() throws IOException {
        boolean interrupted = Thread.interrupted();
        link.close();
        timer.shutdownNow();
        interrupted |= core.stop();
        List<Thread> dying = new ArrayList<>(running.values());
        dying.forEach(Thread::interrupt);
        for (Thread thread : dying) {
            try {
                if (!thread.join(DYING))
                    LOG.log(Level.WARNING, "thread=" + thread.getName() + " lives on");
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        shipping.values().forEach(LogShipper::abandon);
        closeParts();
        if (interrupted) Thread.currentThread().interrupt();
    }

    private void closeParts() throws IOException {
        try (cache;
                hands) {
            LOG.log(Level.INFO, "agent=" + config.id() + " state=closed");
        }
    }

    private void begin() {
        core.start();
        long beat = Limits.BEAT.toMillis();
        var _ = timer.scheduleAtFixedRate(core::beat, beat, beat, TimeUnit.MILLISECONDS);
        link.start();
        LOG.log(
                Level.INFO,
                "agent=" + config.id() + " state=started slots=" + hands.facts().slots());
    }

    /// On the core's thread.
    private void on(Effect effect) {
        switch (effect) {
            case Effect.Start(Order order) -> {
                LOG.log(
                        Level.INFO,
                        "job="
                                + order.job()
                                + " step="
                                + order.step()
                                + " lease="
                                + order.lease()
                                + " state=started");
                Thread thread =
                        Thread.ofVirtual()
                                .name("step-" + order.lease())
                                .unstarted(() -> run(order));
                running.put(order.lease(), thread);
                thread.start();
            }
            case Effect.Kill(LeaseId lease) -> {
                Thread thread = running.get(lease);
                if (thread != null) thread.interrupt();
            }
            case Effect.Send(var report) -> link.send(report);
            case Effect.Leave() -> left.complete(Leaving.DRAINED);
        }
    }

    /// On the core's thread, its last deed. Without its core an agent would hold its leases and
    /// never do anything about them: it lets go, and the coordinator lends them to others.
    private void cannotGoOn() {
        link.close();
        running.values().forEach(Thread::interrupt);
        left.complete(Leaving.BROKEN);
    }

    /// On the step's own thread.
    private void run(Order order) {
        LeaseId lease = order.lease();
        Outcome outcome = outcome(order);
        running.remove(lease);
        LOG.log(
                Level.INFO,
                "job="
                        + order.job()
                        + " step="
                        + order.step()
                        + " lease="
                        + lease
                        + " state="
                        + (outcome instanceof Outcome.Made ? "made" : "broke"));
        core.tell(new Event.StepDone(lease, outcome));
    }

    /// Whatever happens: a lease without a result would be held forever.
    private Outcome outcome(Order order) {
        LeaseId lease = order.lease();
        try {
            LogShipper log =
                    LogShipper.start(
                            channel,
                            config.id(),
                            order,
                            logs,
                            random,
                            shipper -> shipping.remove(lease, shipper));
            shipping.put(lease, log);
            Outcome outcome =
                    hands.run(order, text -> core.tell(new Event.Phase(lease, text)), log);
            log.finish();
            // A person who reads of the result may look at the log at once.
            if (!log.awaitSent(LOG_FIRST)) LOG.log(Level.WARNING, "lease=" + lease + " log=late");
            return outcome;
        } catch (IOException e) {
            return new Outcome.Broke(
                    new Failure(
                            Failure.Kind.HOST,
                            "the log of "
                                    + order.step()
                                    + " cannot be written: "
                                    + e.getMessage()
                                    + "; look at the disk's space"));
        } catch (InterruptedException e) {
            return new Outcome.Broke(
                    new Failure(Failure.Kind.CANCELLED, order.step() + " was cancelled"));
        } catch (Throwable e) {
            LOG.log(Level.ERROR, "step=" + order.step() + " lease=" + lease, e);
            LogShipper log = shipping.get(lease);
            if (log != null) log.finish();
            return new Outcome.Broke(
                    new Failure(
                            Failure.Kind.BUG,
                            order.step()
                                    + " stopped with "
                                    + e
                                    + "; the agent's own log has more"));
        }
    }

    private static String name(AgentConfig config) {
        return config.id().value().replace('/', '_') + "-" + config.incarnation();
    }
}
