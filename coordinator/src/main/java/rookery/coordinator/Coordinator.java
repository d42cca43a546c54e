package rookery.coordinator;

import io.grpc.BindableService;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import rookery.coordinator.blobs.Access;
import rookery.coordinator.blobs.BlobStore;
import rookery.coordinator.blobs.FarmAccess;
import rookery.coordinator.farm.Event;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.JobSummary;
import rookery.coordinator.farm.Patience;
import rookery.coordinator.farm.Rules;
import rookery.coordinator.logs.Logs;
import rookery.coordinator.loop.Loop;
import rookery.coordinator.rpc.AdminService;
import rookery.coordinator.rpc.AgentsService;
import rookery.coordinator.rpc.Followers;
import rookery.coordinator.rpc.JobsService;
import rookery.coordinator.rpc.Streams;
import rookery.coordinator.store.Store;
import rookery.coordinator.web.History;
import rookery.coordinator.web.Meters;
import rookery.coordinator.work.Publishing;
import rookery.coordinator.work.Worker;
import rookery.model.Blame;
import rookery.model.JobId;
import rookery.model.RookeryException;
import rookery.model.StepId;
import rookery.oci.Blob;
import rookery.oci.Digest;
import rookery.oci.layout.ImageLayout;

/// A running coordinator.
public final class Coordinator implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Coordinator.class.getName());

    private final Store store;
    private final Worker worker;
    private final Loop loop;
    private final Logs logs;
    private final BlobStore blobs;
    private final AdminService admin;
    private final Meters meters;
    private final List<BindableService> services;

    /// How a coordinator is set up.
    ///
    /// @param stateDir holds the database and the logs
    /// @param resume whether jobs that were running when the last coordinator ended go on; where
    ///   nobody can be waiting for them any more they are cancelled, and what they made is recalled
    ///   by whoever asks for it again
    /// @param agentsMayJoin whether a step that no agent can do waits for one that can
    /// @param ids gives ids that were never given before
    /// @param patience how long it waits for agents
    public record Config(
            Path stateDir,
            ImageLayout blobs,
            Publishing publishing,
            boolean resume,
            boolean agentsMayJoin,
            InstantSource clock,
            Supplier<JobId> ids,
            Patience patience) {
        /// With the usual patience.
        public Config(
                Path stateDir,
                ImageLayout blobs,
                Publishing publishing,
                boolean resume,
                boolean agentsMayJoin,
                InstantSource clock,
                Supplier<JobId> ids) {
            this(stateDir, blobs, publishing, resume, agentsMayJoin, clock, ids, Patience.NORMAL);
        }
    }

    private Coordinator(
            Store store,
            Worker worker,
            Loop loop,
            Logs logs,
            BlobStore blobs,
            AdminService admin,
            Meters meters,
            List<BindableService> services) {
        this.store = store;
        this.worker = worker;
        this.loop = loop;
        this.logs = logs;
        this.blobs = blobs;
        this.admin = admin;
        this.meters = meters;
        this.services = services;
    }

    /// Opens the store, brings back what was running, and starts.
    ///
    /// @throws RookeryException with blame HOST when the state directory cannot be used
    public static Coordinator start(Config config) throws IOException {
        return start(config, UnaryOperator.identity());
    }

    /// With something around its store.
    ///
    /// @param around is given what saves, and returns what does instead
    public static Coordinator start(Config config, UnaryOperator<Loop.Saver> around)
            throws IOException {
        InstantSource clock = config.clock();
        Store store = Store.open(config.stateDir().resolve("farm.db"));
        var rules = new Rules(config.agentsMayJoin(), Worker.gateVersion(), config.patience());
        Farm farm = store.load(Farm.empty(rules, store.nextLease()), clock.instant());
        if (!config.resume()) farm = cancelled(farm, store, clock.instant());
        var logs = new Logs(config.stateDir().resolve("logs"));
        var blobs = new BlobStore(config.blobs(), clock);
        var worker = new Worker(store, blobs, config.publishing(), clock);
        var posts = new Posts();
        var meters = new Meters();
        var loop =
                new Loop(
                        farm,
                        around.apply(timed(store, meters)),
                        effect -> worker.start(effect, posts::post),
                        clock,
                        store::knows);
        posts.to(loop);
        loop.listen(worker::prune);
        loop.start();
        var streams = new Streams();
        var followers = new Followers();
        var admin = new AdminService(loop, streams, clock);
        return new Coordinator(
                store,
                worker,
                loop,
                logs,
                blobs,
                admin,
                meters,
                List.of(
                        new AgentsService(loop, logs, streams, followers, arrived(blobs), clock),
                        new JobsService(
                                loop, store, logs, followers, clock, config.ids(), uploaded(blobs)),
                        admin));
    }

    /// A disk that cannot be read just now is no reason to call an agent a liar: what is missing in
    /// truth is missed by the step that takes it.
    private static Predicate<Blob> arrived(BlobStore blobs) {
        return blob -> {
            try {
                return blobs.holds(blob);
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "blob=" + blob.digest() + " not looked at", e);
                return true;
            }
        };
    }

    private static Predicate<Digest> uploaded(BlobStore blobs) {
        return digest -> {
            try {
                return blobs.look(digest).isPresent();
            } catch (IOException e) {
                throw new RookeryException(
                        Blame.HOST,
                        "the coordinator cannot read its store: "
                                + e.getMessage()
                                + "; look after its disk",
                        e);
            }
        };
    }

    private static Loop.Saver timed(Store store, Meters meters) {
        return (changes, now) -> {
            long from = System.nanoTime();
            store.save(changes, now);
            meters.committed(changes.steps().size(), Duration.ofNanos(System.nanoTime() - from));
        };
    }

    /// Nobody waits for these jobs any more; nothing of theirs may start, a push least of all.
    private static Farm cancelled(Farm farm, Store store, Instant now) {
        for (JobId id : farm.jobs().keySet()) {
            Farm.Transition moved = Farm.apply(farm, new Event.CancelAsked(now, id));
            store.save(moved.changes(), now);
            farm = moved.farm();
        }
        return farm;
    }

    /// To be bound to a server.
    public List<BindableService> services() {
        return services;
    }

    /// The newest farm that is safe on disk. Any thread.
    public Farm farm() {
        return loop.snapshot();
    }

    /// Callers are told from now on that the blobs are on this port.
    public void announceBlobs(int port, String repository) {
        admin.announce(port, repository);
    }

    /// Jobs as they were saved last, the ones that have left the farm's memory too. Any thread.
    public History history() {
        return new History() {
            @Override
            public Optional<Job> job(JobId id) {
                return store.job(id);
            }

            @Override
            public List<JobSummary> jobs(int limit, Optional<JobId> before) {
                return store.jobs(limit, before);
            }
        };
    }

    /// What is measured beside the farm itself.
    public Meters meters() {
        return meters;
    }

    /// What steps take and make.
    public BlobStore blobs() {
        return blobs;
    }

    /// Who may do what with blobs, by the farm as it is.
    public Access access() {
        return new FarmAccess(loop::snapshot);
    }

    public Path log(JobId job, StepId step) {
        return logs.file(job, step);
    }

    /// Completes when the coordinator had to stop.
    public CompletableFuture<RookeryException> died() {
        return loop.died();
    }

    @Override
    public void close() {
        loop.close();
        worker.close();
        store.close();
    }
}
