package rookery.cli.embedded;

import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import rookery.cli.farm.FarmClient;
import rookery.coordinator.Coordinator;
import rookery.coordinator.work.RegistryPublishing;
import rookery.model.Blame;
import rookery.model.JobId;
import rookery.model.RookeryException;
import rookery.model.StepId;
import rookery.oci.layout.ImageLayout;
import rookery.oci.registry.CredentialFiles;
import rookery.oci.registry.Patience;
import rookery.oci.registry.Policy;
import rookery.oci.registry.RegistryClient;
import rookery.v1.JobsGrpc;

/// A coordinator and an agent in this process, over the real services in gRPC's own in-process
/// transport. State lies under `$XDG_STATE_HOME/rookery`, blobs and caches under
/// `$XDG_CACHE_HOME/rookery`; one farm at a time works in them.
public final class EmbeddedFarm implements FarmClient {
    private static final int CLOSING_SECONDS = 10;
    private static final int JOB_ID_CHARS = 12;

    private final ImageLayout blobs;
    private final Coordinator coordinator;
    private final JobsGrpc.JobsBlockingV2Stub jobs;

    /// What must be closed, the newest first.
    private final Deque<AutoCloseable> parts;

    private EmbeddedFarm(
            ImageLayout blobs,
            Coordinator coordinator,
            JobsGrpc.JobsBlockingV2Stub jobs,
            Deque<AutoCloseable> parts) {
        this.blobs = blobs;
        this.coordinator = coordinator;
        this.jobs = jobs;
        this.parts = parts;
    }

    /// @param env the process's environment: XDG directories, PATH, what the launcher found
    /// @throws RookeryException with blame HOST when another farm works here, or nothing can be
    ///   written
    public static FarmClient start(Map<String, String> env) {
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        Path home = Path.of(env.getOrDefault("HOME", System.getProperty("user.home")));
        Path state = base(env, "XDG_STATE_HOME", home.resolve(".local/state"));
        Path cache = base(env, "XDG_CACHE_HOME", home.resolve(".cache"));
        boolean started = false;
        try {
            Files.createDirectories(state);
            Files.createDirectories(cache);
            parts.push(lock(state));
            ImageLayout blobs = ImageLayout.create(cache.resolve("blobs"));
            HttpClient http = RegistryClient.httpClient();
            parts.push(http::shutdownNow);
            var registry =
                    new RegistryClient(
                            http,
                            CredentialFiles.of(env, home),
                            Policy.STANDARD,
                            Patience.standard(
                                    Thread::sleep, new SplittableRandom(), Clock.systemUTC()));
            Coordinator coordinator =
                    Coordinator.start(
                            new Coordinator.Config(
                                    state,
                                    blobs,
                                    new RegistryPublishing(blobs, registry),
                                    false,
                                    Clock.systemUTC(),
                                    EmbeddedFarm::jobId));
            parts.push(coordinator);
            ManagedChannel channel = serve(coordinator, parts);
            var farm =
                    new EmbeddedFarm(
                            blobs, coordinator, JobsGrpc.newBlockingV2Stub(channel), parts);
            started = true;
            return farm;
        } catch (IOException e) {
            throw new RookeryException(
                    Blame.HOST,
                    "the farm cannot start: "
                            + e
                            + "; it writes to "
                            + state
                            + " and "
                            + cache
                            + ", which XDG_STATE_HOME and XDG_CACHE_HOME can change",
                    e);
        } finally {
            if (!started) close(parts);
        }
    }

    private static ManagedChannel serve(Coordinator coordinator, Deque<AutoCloseable> parts)
            throws IOException {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        parts.push(threads::shutdownNow);
        String name = UUID.randomUUID().toString();
        var builder = InProcessServerBuilder.forName(name).executor(threads);
        for (BindableService service : coordinator.services()) builder.addService(service);
        Server server = builder.build().start();
        parts.push(() -> {
            server.shutdownNow();
            boolean _ = server.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS);
        });
        ManagedChannel channel = InProcessChannelBuilder.forName(name).executor(threads).build();
        parts.push(() -> {
            channel.shutdownNow();
            boolean _ = channel.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS);
        });
        return channel;
    }

    @Override
    public JobsGrpc.JobsBlockingV2Stub jobs() {
        return jobs;
    }

    @Override
    public ImageLayout blobs() {
        return blobs;
    }

    @Override
    public Path log(JobId job, StepId step) {
        return coordinator.log(job, step);
    }

    @Override
    public void close() {
        close(parts);
    }

    /// Everything is closed, whatever one of them says; the first complaint is passed on. A second
    /// call, as after Ctrl-C, finds nothing left.
    private static void close(Deque<AutoCloseable> parts) {
        Optional<Exception> first = Optional.empty();
        synchronized (parts) {
            while (!parts.isEmpty()) {
                try {
                    parts.pop().close();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                } catch (Exception e) { // close() declares nothing narrower
                    first = first.or(() -> Optional.of(e));
                }
            }
        }
        if (first.isPresent())
            throw new RookeryException(
                    Blame.BUG, "the farm did not close cleanly: " + first.get(), first.get());
    }

    private static AutoCloseable lock(Path state) throws IOException {
        Path file = state.resolve("farm.lock");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock != null) return channel;
        channel.close();
        throw new RookeryException(
                Blame.HOST,
                "another rookery is at work with "
                        + state
                        + "; wait until it has ended, or set XDG_STATE_HOME to another directory");
    }

    private static Path base(Map<String, String> env, String variable, Path usual) {
        return Optional.ofNullable(env.get(variable))
                .filter(v -> !v.isEmpty())
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElse(usual)
                .resolve("rookery");
    }

    private static JobId jobId() {
        return new JobId(
                "j" + UUID.randomUUID().toString().replace("-", "").substring(0, JOB_ID_CHARS));
    }
}
