package rookery.cli;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import rookery.cli.farm.FarmClient;
import rookery.cli.farm.FarmStore;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.StepId;
import rookery.oci.Blob;
import rookery.oci.Descriptor;
import rookery.oci.ImageConfig;
import rookery.oci.Index;
import rookery.oci.Manifest;
import rookery.oci.MediaType;
import rookery.oci.Platform;
import rookery.oci.json.OciJson;
import rookery.oci.layout.ImageLayout;
import rookery.v1.AdminGrpc;
import rookery.v1.CancelRequest;
import rookery.v1.CancelResponse;
import rookery.v1.JobView;
import rookery.v1.JobsGrpc;
import rookery.v1.Made;
import rookery.v1.StepView;
import rookery.v1.SubmitRequest;
import rookery.v1.SubmitResponse;
import rookery.v1.TokensGrpc;
import rookery.v1.WatchRequest;
import rookery.wire.SpecWire;

/// A farm whose every step is done at once with small made-up results, behind the real service and
/// transport; tests tell it what shall fail.
public final class FakeFarm implements FarmClient {
    /// When its clock began; steps are at work one second each from then on.
    static final long START_MS = 1_700_000_000_000L;

    private final ImageLayout blobs;
    private final Path logs;
    private final Server server;
    private final ManagedChannel channel;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    final AtomicInteger started = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final List<SubmitRequest> submitted = new ArrayList<>();
    final AtomicReference<Optional<Failure>> failure = new AtomicReference<>(Optional.empty());
    final AtomicReference<String> failing = new AtomicReference<>("");
    final AtomicReference<Optional<Status>> refusal = new AtomicReference<>(Optional.empty());
    volatile boolean recalls;
    volatile boolean hangs;
    volatile boolean remote;

    FakeFarm(Path directory) throws IOException {
        blobs = ImageLayout.create(directory.resolve("blobs"));
        logs = directory.resolve("logs");
        String name = "fake-" + java.util.UUID.randomUUID();
        server =
                InProcessServerBuilder.forName(name)
                        .executor(threads)
                        .addService(new Service())
                        .build()
                        .start();
        channel = InProcessChannelBuilder.forName(name).executor(threads).build();
    }

    FarmClient start() {
        started.incrementAndGet();
        return this;
    }

    /// This step shall fail.
    void fail(String step, Failure.Kind kind, String message, String... excerpt) {
        failing.set(step);
        failure.set(Optional.of(new Failure(kind, message, List.of(excerpt))));
    }

    @Override
    public JobsGrpc.JobsBlockingV2Stub jobs() {
        return JobsGrpc.newBlockingV2Stub(channel);
    }

    @Override
    public FarmStore store() {
        return FarmStore.of(blobs);
    }

    @Override
    public AdminGrpc.AdminBlockingV2Stub admin() {
        return AdminGrpc.newBlockingV2Stub(channel);
    }

    @Override
    public TokensGrpc.TokensBlockingV2Stub tokens() {
        return TokensGrpc.newBlockingV2Stub(channel);
    }

    @Override
    public Optional<String> log(JobId job, StepId step) {
        return Optional.of(logs.resolve(step.value().replace('/', '_') + ".log"))
                .filter(Files::exists)
                .map(Path::toString);
    }

    @Override
    public String name() {
        return "fake";
    }

    @Override
    public boolean isRemote() {
        return remote;
    }

    @Override
    public void close() {
        closed.incrementAndGet();
    }

    void shutDown() {
        channel.shutdownNow();
        server.shutdownNow();
        threads.shutdownNow();
    }

    private final class Service extends JobsGrpc.JobsImplBase {
        @Override
        public void submit(SubmitRequest request, StreamObserver<SubmitResponse> answer) {
            if (refusal.get().isPresent()) {
                answer.onError(refusal.get().get().asRuntimeException());
                return;
            }
            synchronized (submitted) {
                submitted.add(request);
            }
            answer.onNext(SubmitResponse.newBuilder().setJob("j" + submitted.size()).build());
            answer.onCompleted();
        }

        @Override
        public void watch(WatchRequest request, StreamObserver<JobView> answer) {
            JobSpec spec = SpecWire.read(submitted.getLast().getSpec());
            answer.onNext(running(request.getJob(), spec));
            if (hangs) {
                try {
                    cancelled.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                answer.onNext(
                        running(request.getJob(), spec).toBuilder().setState("cancelled").build());
            } else {
                answer.onNext(finished(request.getJob(), spec));
            }
            answer.onCompleted();
        }

        @Override
        public void cancel(CancelRequest request, StreamObserver<CancelResponse> answer) {
            cancelled.countDown();
            answer.onNext(CancelResponse.getDefaultInstance());
            answer.onCompleted();
        }
    }

    private static JobView running(String job, JobSpec spec) {
        return JobView.newBuilder()
                .setJob(job)
                .setProject(spec.project())
                .setState("running")
                .addSteps(
                        StepView.newBuilder()
                                .setId("modules")
                                .setKind("modules")
                                .setState("running")
                                .setStartedMs(START_MS))
                .build();
    }

    private JobView finished(String job, JobSpec spec) {
        var view = JobView.newBuilder().setJob(job).setProject(spec.project());
        boolean failed = false;
        for (JobSpec.Build build : spec.builds()) {
            for (JobSpec.Wanted wanted : spec.platforms()) {
                Blob binary = put(build.id() + " for " + wanted.platform());
                boolean broken = false;
                for (String kind : List.of("go-build", "verify", "run")) {
                    String id = kind + "/" + build.id() + "/" + wanted.platform();
                    if (kind.equals("run") && wanted.target().emulator().isEmpty()) continue;
                    var step =
                            step(id, kind, view.getStepsCount())
                                    .setPlatform(wanted.platform().toString())
                                    .setRequired(wanted.required());
                    if (broken) {
                        step.setState("cancelled");
                    } else if (failing.get().equals(id)) {
                        Failure why = failure.get().orElseThrow();
                        step.setState("failed").setFailure(rookery.wire.WorkWire.write(why));
                        broken = true;
                        failed |= wanted.required();
                    } else {
                        step.setMade(made(kind, binary, wanted));
                    }
                    view.addSteps(step);
                }
            }
        }
        for (JobSpec.Image image : spec.images()) {
            if (failed) continue;
            Blob index = index(spec);
            view.addSteps(
                    step(
                                    "assemble/" + image.repository().replace('/', '_'),
                                    "assemble",
                                    view.getStepsCount())
                            .setMade(made("index", index)));
        }
        return view.setState(failed ? "failed" : "done").build();
    }

    private StepView.Builder step(String id, String kind, int number) {
        return StepView.newBuilder()
                .setId(id)
                .setKind(kind)
                .setState("done")
                .setRequired(true)
                .setRecalled(recalls)
                .setStartedMs(START_MS + 1000L * number)
                .setEndedMs(START_MS + 1000L * (number + 1));
    }

    private static Made made(String kind, Blob binary, JobSpec.Wanted wanted) {
        return switch (kind) {
            case "go-build" -> made("binary", binary);
            case "verify" ->
                    made("binary", binary).toBuilder()
                            .putNotes("verdict", "pass")
                            .putNotes("linkage", "static")
                            .putNotes("libc", "musl")
                            .putNotes("summary", "static " + wanted.platform() + ", musl")
                            .build();
            default ->
                    made("output", binary).toBuilder()
                            .putNotes(
                                    "stdout",
                                    "hello from " + wanted.platform() + "\n\u001b[31mred\n")
                            .build();
        };
    }

    private static Made made(String role, Blob blob) {
        return Made.newBuilder()
                .setIdentity(blob.digest().toString())
                .putBlobs(
                        role,
                        rookery.v1.Blob.newBuilder()
                                .setDigest(blob.digest().toString())
                                .setSizeBytes(blob.sizeBytes())
                                .build())
                .build();
    }

    private Blob index(JobSpec spec) {
        var manifests = new ArrayList<Descriptor>();
        for (JobSpec.Wanted wanted : spec.platforms()) {
            if (!wanted.target().inImages()) continue;
            Platform platform = wanted.platform();
            Blob config = put(OciJson.write(ImageConfig.of(platform, List.of("/app"), List.of())));
            Manifest manifest = Manifest.of(config.as(MediaType.CONFIG), List.of());
            manifests.add(put(OciJson.write(manifest)).as(MediaType.MANIFEST).on(platform));
        }
        return put(OciJson.write(Index.of(manifests)));
    }

    private Blob put(String text) {
        return put(text.getBytes(StandardCharsets.UTF_8));
    }

    private Blob put(byte[] bytes) {
        try {
            return blobs.put(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
