package rookery.deploy.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import rookery.access.Identity;
import rookery.cli.farm.RemoteFarm;
import rookery.coordinator.Given;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.Toolchain;
import rookery.oci.Blob;
import rookery.oci.Digest;
import rookery.oci.Platform;
import rookery.oci.layout.ImageLayout;
import rookery.oci.registry.Reference;
import rookery.oci.registry.RegistryClient;
import rookery.oci.registry.RegistryException;
import rookery.v1.GetJobRequest;
import rookery.v1.JobView;
import rookery.v1.JobsGrpc;
import rookery.v1.RetryRequest;
import rookery.v1.SubmitRequest;
import rookery.v1.SubmitResponse;
import rookery.wire.SpecWire;

/// People who submit one job after the other and wait for each, whatever happens to the farm; each
/// on a thread of its own.
final class Customers {
    static final List<Platform> PLATFORMS =
            List.of(
                    Platform.parse("linux/amd64"),
                    Platform.parse("linux/arm64"),
                    Platform.parse("linux/riscv64"));

    /// Modules that jobs share, so that steps of several jobs have one key.
    private static final int SHARED = 7;

    private static final int CALL_SECONDS = 10;
    private static final int PAUSE_MS = 150;
    private static final int MOST_RETRIES = 60;

    private final ManagedChannel channel;
    private final HttpClient http;
    private final RegistryClient client;
    private final Reference blobs;
    private final ImageLayout local;
    private final Tally tally;
    private final Queue<Ordered> ordered = new ConcurrentLinkedQueue<>();
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch givenUp = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();

    /// A job that the farm has said it has.
    record Ordered(String request, JobId job, Digest source) {}

    Customers(Identity identity, Hub hub, Path dir, Tally tally) throws IOException {
        this.channel = identity.channel();
        this.http = RegistryClient.httpClient(identity.sslContext());
        this.client = RemoteFarm.client(http, false).resuming().forPushing();
        this.blobs = Reference.parse("127.0.0.1:" + hub.blobs() + "/rookery/farm");
        this.local = ImageLayout.create(dir.resolve("customers"));
        this.tally = tally;
    }

    void start(int customers) {
        for (int n = 0; n < customers; n++)
            threads.add(Thread.ofPlatform().name("customer-" + n).start(this::live));
    }

    /// The coordinator is there again: who waits need wait no longer.
    void wake() {
        channel.resetConnectBackoff();
    }

    /// Submits no more, and waits for what is under way.
    void finish(Duration atMost) throws InterruptedException {
        closing.countDown();
        Instant end = Instant.now().plus(atMost);
        for (Thread thread : threads) {
            Duration left = Duration.between(Instant.now(), end);
            thread.join(left.isPositive() ? left : Duration.ofMillis(1));
        }
        givenUp.countDown();
        for (Thread thread : threads) thread.join(Duration.ofSeconds(2L * CALL_SECONDS));
        http.shutdownNow();
        channel.shutdownNow();
    }

    List<Ordered> ordered() {
        return List.copyOf(ordered);
    }

    /// What they were not served as they should.
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    private void live() {
        var random = new Random();
        try {
            while (closing.getCount() > 0) order(random);
        } catch (InterruptedException | IOException e) {
            complaints.add("a customer could not go on: " + e);
        }
    }

    private boolean pause() throws InterruptedException {
        return !givenUp.await(PAUSE_MS, TimeUnit.MILLISECONDS);
    }

    private void order(Random random) throws IOException, InterruptedException {
        int number = numbers.incrementAndGet();
        // Now and then what was built before: it is recalled.
        int source = random.nextInt(5) == 0 ? 1 + random.nextInt(number) : number;
        Blob tree = local.put(("tree " + source).getBytes(UTF_8));
        Blob modules = local.put(("modules " + source % SHARED).getBytes(UTF_8));
        String request = "chaos-" + number;
        var message =
                SubmitRequest.newBuilder()
                        .setRequestId(request)
                        .setSpec(SpecWire.write(spec(tree, modules)))
                        .build();
        if (!send(tree) || !send(modules)) return;
        Optional<JobId> job = submit(message);
        if (job.isEmpty()) {
            complaints.add(request + " was never taken");
            return;
        }
        ordered.add(new Ordered(request, job.get(), tree.digest()));
        tally.count("job submitted");
        if (random.nextInt(4) == 0) {
            Optional<JobId> again = submit(message);
            if (again.isPresent() && !again.equals(job))
                complaints.add(request + " is both " + job.get() + " and " + again.get());
        }
        await(request, job.get());
    }

    private boolean send(Blob blob) throws IOException, InterruptedException {
        Path file = local.find(blob.digest()).orElseThrow();
        do {
            try {
                var _ = client.pushBlob(blobs, blob, file);
                return true;
            } catch (RegistryException e) {
                tally.count("upload by a customer begun again");
            }
        } while (pause());
        return false;
    }

    private JobsGrpc.JobsBlockingV2Stub jobs() {
        return JobsGrpc.newBlockingV2Stub(channel)
                .withWaitForReady()
                .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
    }

    private Optional<JobId> submit(SubmitRequest message) throws InterruptedException {
        do {
            try {
                SubmitResponse said = jobs().submit(message);
                return Optional.of(new JobId(said.getJob()));
            } catch (StatusException e) {
                refused("submit", e);
            }
        } while (pause());
        return Optional.empty();
    }

    private void await(String request, JobId job) throws InterruptedException {
        var get = GetJobRequest.newBuilder().setJob(job.value()).build();
        int retries = 0;
        String last = "unknown";
        while (pause()) {
            try {
                JobView view = jobs().get(get);
                last = view.getState();
                if (last.equals("done")) {
                    tally.count("job done");
                    return;
                }
                if (last.equals("running")) continue;
                if (++retries > MOST_RETRIES) break;
                tally.count("job failed by faults, tried again");
                var _ = jobs().retry(RetryRequest.newBuilder().setJob(job.value()).build());
            } catch (StatusException e) {
                refused("get", e);
            }
        }
        complaints.add(request + " as " + job + " is " + last + " after " + retries + " retries");
    }

    /// A farm that is away is what this is about; a farm that denies what it said is not.
    private void refused(String what, StatusException e) {
        switch (e.getStatus().getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED, RESOURCE_EXHAUSTED ->
                    tally.count("call begun again");
            case FAILED_PRECONDITION -> tally.count("call came too late or too early");
            default -> complaints.add(what + " was refused: " + e.getStatus());
        }
    }

    private static JobSpec spec(Blob tree, Blob modules) {
        var wanted =
                PLATFORMS.stream().map(p -> Given.required(Given.target(p.toString()))).toList();
        return new JobSpec(
                "chaos",
                new JobSpec.Source(tree, Optional.of(modules), "1.0", "abc", Given.T0),
                List.of(Given.build("app")),
                new JobSpec.Portage(List.of(), List.of(), List.of(), Optional.empty()),
                wanted,
                Toolchain.PORTABLE,
                new JobSpec.Verify(
                        "static",
                        List.of(new JobSpec.RunCheck(List.of(), "", Duration.ofSeconds(30)))),
                List.of(Given.image("app")),
                new JobSpec.FarmOptions("chaos", "local", 0, new TreeSet<>()));
    }
}
