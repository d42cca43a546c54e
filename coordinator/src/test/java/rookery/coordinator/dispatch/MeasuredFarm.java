package rookery.coordinator.dispatch;

import io.grpc.BindableService;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import rookery.coordinator.blobs.BlobStore;
import rookery.coordinator.farm.Changes;
import rookery.coordinator.farm.Event;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Rules;
import rookery.coordinator.farm.StepState;
import rookery.coordinator.logs.Logs;
import rookery.coordinator.loop.Loop;
import rookery.coordinator.rpc.AgentsService;
import rookery.coordinator.rpc.Followers;
import rookery.coordinator.rpc.Streams;
import rookery.coordinator.store.Store;
import rookery.coordinator.work.Worker;
import rookery.model.Failure;
import rookery.model.Outcome;
import rookery.oci.layout.ImageLayout;

/// A coordinator put together as the real one is, with a watch on each commit.
final class MeasuredFarm implements AutoCloseable {
    private static final InstantSource CLOCK = InstantSource.system();

    /// Each commit, from the loop's asking to the disk's answer.
    final Samples commits = new Samples();

    /// Each lease: from the batch in which the step and a free slot for it were both there for the
    /// first time (an end that it waited for was reported, or one that gave back a slot) to the
    /// commit with the lease in it.
    final Samples leases = new Samples();

    /// Steps whose ends are on the disk.
    final AtomicLong done = new AtomicLong();

    private final Store store;
    private final Worker worker;
    private final Loop loop;
    private final AgentsService service;
    private volatile @Nullable Loop target;

    MeasuredFarm(Path directory) throws IOException {
        store = Store.open(directory.resolve("farm.db"));
        Farm farm =
                store.load(
                        Farm.empty(new Rules(true, Worker.gateVersion()), store.nextLease()),
                        CLOCK.instant());
        worker =
                new Worker(
                        store,
                        new BlobStore(ImageLayout.create(directory.resolve("blobs")), CLOCK),
                        (_, _) ->
                                new Outcome.Broke(
                                        new Failure(Failure.Kind.SPEC, "nothing is pushed here")),
                        CLOCK);
        loop =
                new Loop(
                        farm,
                        this::save,
                        effect -> worker.start(effect, this::post),
                        CLOCK,
                        store::knows);
        target = loop;
        loop.listen(worker::prune);
        service =
                new AgentsService(
                        loop,
                        new Logs(directory.resolve("logs")),
                        new Streams(),
                        new Followers(),
                        _ -> true,
                        CLOCK);
        loop.start();
    }

    List<BindableService> services() {
        return List.of(service);
    }

    Farm farm() {
        return loop.snapshot();
    }

    /// Whether the store was asked for every step that waits for nothing else.
    boolean isLookedUp() {
        return loop.snapshot().due().isEmpty();
    }

    private void post(Event event) {
        Loop to = target;
        if (to != null) to.post(event);
    }

    private void save(Changes changes, Instant now) {
        long began = System.nanoTime();
        store.save(changes, now);
        commits.add(System.nanoTime() - began);
        Instant saved = CLOCK.instant();
        for (Changes.Row changed : changes.steps().values()) {
            switch (changed.row().state()) {
                case StepState.Leased _ ->
                        leases.add(
                                Duration.between(changed.row().startedAt().orElse(saved), saved)
                                        .toNanos());
                case StepState.Done _ -> done.incrementAndGet();
                case StepState.Waiting _,
                        StepState.Recalling _,
                        StepState.Ready _,
                        StepState.Running _,
                        StepState.Growing _,
                        StepState.Failed _,
                        StepState.Cancelled _ -> {}
            }
        }
    }

    @Override
    public void close() {
        loop.close();
        worker.close();
        store.close();
    }
}
