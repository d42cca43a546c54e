package rookery.coordinator.work;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import rookery.coordinator.blobs.BlobStore;
import rookery.coordinator.farm.Effect;
import rookery.coordinator.farm.Event;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.StepRef;
import rookery.coordinator.farm.StepState;
import rookery.coordinator.store.Store;
import rookery.model.Blame;
import rookery.model.Failure;
import rookery.model.Limits;
import rookery.model.Outcome;
import rookery.model.RookeryException;
import rookery.model.StepId;
import rookery.model.Work;
import rookery.oci.Blob;
import rookery.oci.json.MalformedDocumentException;
import rookery.oci.layout.DamagedBlobException;

/// Runs effects.
public final class Worker implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Worker.class.getName());

    private final Store store;
    private final BlobStore blobs;
    private final Publishing publishing;
    private final InstantSource clock;
    private final Gate gate;
    private final Assembly assembly;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<Effect.Execute, FutureTask<Boolean>> running = new ConcurrentHashMap<>();
    private final Semaphore cpu = new Semaphore(Runtime.getRuntime().availableProcessors());

    public Worker(Store store, BlobStore blobs, Publishing publishing, InstantSource clock) {
        this.store = store;
        this.blobs = blobs;
        this.publishing = publishing;
        this.clock = clock;
        this.gate = new Gate(blobs.layout());
        this.assembly = new Assembly(blobs.layout());
    }

    /// The version of what judges binaries; part of verdicts' keys.
    public static String gateVersion() {
        return Gate.VERSION;
    }

    /// Starts an effect and returns at once; its one event goes to `events`.
    public void start(Effect effect, Consumer<Event> events) {
        var task = new FutureTask<>(() -> events.accept(answer(effect)), true);
        if (effect instanceof Effect.Execute execute) running.put(execute, task);
        threads.execute(() -> {
            task.run();
            if (effect instanceof Effect.Execute execute) running.remove(execute, task);
        });
    }

    /// Ends what the farm no longer waits for: a cancelled job's push must not go on.
    public void prune(Farm farm) {
        running.forEach((execute, task) -> {
            StepRef ref = execute.step();
            boolean wanted =
                    farm.find(ref.job())
                            .map(j -> j.row(ref.step()).state())
                            .filter(StepState.Running.class::isInstance)
                            .map(StepState.Running.class::cast)
                            .filter(r -> r.attempt() == execute.attempt())
                            .isPresent();
            if (!wanted) task.cancel(true);
        });
    }

    /// Whatever goes wrong, there is exactly one event: a step without one would never end.
    private Event answer(Effect effect) {
        try {
            return run(effect);
        } catch (Throwable bug) {
            LOG.log(System.Logger.Level.ERROR, "step=" + effect.step() + " effect ended with", bug);
            var failure =
                    new Failure(
                            Failure.Kind.BUG,
                            effect.step() + " ended with " + bug + "; this is a bug of Rookery");
            return switch (effect) {
                case Effect.Recall e ->
                        new Event.Recalled(clock.instant(), e.step(), Optional.empty());
                case Effect.ReadGraph e ->
                        new Event.Planned(
                                clock.instant(),
                                e.step(),
                                new Event.Graph.Refused(failure.kind(), failure.message()));
                case Effect.Execute e ->
                        new Event.Ran(
                                clock.instant(), e.step(), e.attempt(), new Outcome.Broke(failure));
            };
        }
    }

    private Event run(Effect effect) {
        return switch (effect) {
            case Effect.Recall e -> {
                Optional<Outcome.Made> known = recall(e);
                SortedSet<StepId> lost = known.isEmpty() ? lost(e.inputs()) : new TreeSet<>();
                yield lost.isEmpty()
                        ? new Event.Recalled(clock.instant(), e.step(), known)
                        : new Event.InputsLost(clock.instant(), e.step(), lost);
            }
            case Effect.ReadGraph e ->
                    new Event.Planned(clock.instant(), e.step(), graph(e.graph()));
            case Effect.Execute e -> {
                Outcome outcome = execute(e);
                yield new Event.Ran(clock.instant(), e.step(), e.attempt(), outcome);
            }
        };
    }

    /// A result counts as known only if all its blobs are there and whole; otherwise it is made
    /// again. Looking at them keeps them from being collected before the step that takes them is
    /// saved.
    private Optional<Outcome.Made> recall(Effect.Recall e) {
        try {
            return store.recall(e.keys()).filter(this::complete);
        } catch (RookeryException trouble) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "step=" + e.step() + " is made anew: " + trouble.getMessage());
            return Optional.empty();
        }
    }

    private SortedSet<StepId> lost(SortedMap<StepId, Outcome.Made> inputs) {
        SortedSet<StepId> lost = new TreeSet<>();
        inputs.forEach((step, made) -> {
            if (!complete(made)) lost.add(step);
        });
        return lost;
    }

    private boolean complete(Outcome.Made made) {
        return made.blobs().values().stream()
                .allMatch(b -> {
                    try {
                        return blobs.holds(b);
                    } catch (IOException trouble) {
                        return false;
                    }
                });
    }

    private Event.Graph graph(Blob graph) {
        try {
            return new Event.Graph.Read(
                    GraphReader.read(blobs.layout().read(graph.digest(), Limits.GRAPH_BYTES)));
        } catch (IllegalArgumentException e) {
            return new Event.Graph.Refused(Failure.Kind.SPEC, String.valueOf(e.getMessage()));
        } catch (DamagedBlobException | NoSuchFileException e) {
            return new Event.Graph.Refused(
                    Failure.Kind.INPUT_LOST, "it is no longer whole in the store");
        } catch (IOException | MalformedDocumentException e) {
            return new Event.Graph.Refused(Failure.Kind.BUG, String.valueOf(e.getMessage()));
        }
    }

    private Outcome execute(Effect.Execute e) {
        cpu.acquireUninterruptibly();
        try {
            return switch (e.work()) {
                case Work.Verify work -> gate.judge(work, only(e, "binary"));
                case Work.Assemble work -> assembly.assemble(work, e.inputs());
                case Work.Publish work -> publishing.publish(work, only(e, "index"));
            };
        } catch (DamagedBlobException damaged) {
            return broke(
                    Failure.Kind.INPUT_LOST,
                    "a blob is damaged and was set aside: " + damaged.getMessage());
        } catch (NoSuchFileException lost) {
            return broke(
                    Failure.Kind.INPUT_LOST,
                    "a blob is no longer in the store: " + lost.getMessage());
        } catch (IOException trouble) {
            return broke(
                    Failure.Kind.HOST,
                    "step "
                            + e.step()
                            + " could not read or write the store: "
                            + trouble.getMessage()
                            + "; is the disk full?");
        } catch (RookeryException known) {
            return new Outcome.Broke(Failure.of(known));
        } catch (RuntimeException bug) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "step=" + e.step() + " broke a rule of our own",
                    bug);
            return broke(
                    Failure.Kind.BUG,
                    "step " + e.step() + " ended with " + bug + "; this is a bug of Rookery");
        } finally {
            cpu.release();
        }
    }

    private static Outcome broke(Failure.Kind kind, String message) {
        return new Outcome.Broke(new Failure(kind, message));
    }

    private static Blob only(Effect.Execute e, String role) {
        if (e.inputs().size() != 1) {
            throw new RookeryException(
                    Blame.BUG, e.step() + " needs exactly one result, not " + e.inputs().keySet());
        }
        return e.inputs().values().iterator().next().blob(role);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
