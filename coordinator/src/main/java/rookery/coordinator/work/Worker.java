package rookery.coordinator.work;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import rookery.coordinator.farm.Effect;
import rookery.coordinator.farm.Event;
import rookery.coordinator.store.Store;
import rookery.model.Blame;
import rookery.model.Failure;
import rookery.model.Limits;
import rookery.model.Outcome;
import rookery.model.RookeryException;
import rookery.model.Work;
import rookery.oci.Blob;
import rookery.oci.json.MalformedDocumentException;
import rookery.oci.layout.DamagedBlobException;
import rookery.oci.layout.ImageLayout;

/// Runs effects.
public final class Worker implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Worker.class.getName());

    private final Store store;
    private final ImageLayout blobs;
    private final Publishing publishing;
    private final InstantSource clock;
    private final Gate gate;
    private final Assembly assembly;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore cpu = new Semaphore(Runtime.getRuntime().availableProcessors());

    public Worker(Store store, ImageLayout blobs, Publishing publishing, InstantSource clock) {
        this.store = store;
        this.blobs = blobs;
        this.publishing = publishing;
        this.clock = clock;
        this.gate = new Gate(blobs);
        this.assembly = new Assembly(blobs);
    }

    /// The version of what judges binaries; part of verdicts' keys.
    public static String gateVersion() {
        return Gate.VERSION;
    }

    /// Starts an effect and returns at once; its one event goes to `events`.
    public void start(Effect effect, Consumer<Event> events) {
        threads.execute(() -> events.accept(run(effect)));
    }

    private Event run(Effect effect) {
        return switch (effect) {
            case Effect.Recall e -> new Event.Recalled(clock.instant(), e.step(), recall(e));
            case Effect.ReadGraph e ->
                    new Event.Planned(clock.instant(), e.step(), graph(e.graph()));
            case Effect.Execute e -> {
                Outcome outcome = execute(e);
                yield new Event.Ran(clock.instant(), e.step(), e.attempt(), outcome);
            }
        };
    }

    /// A result counts as known only if all its blobs are still there; otherwise it is made again.
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

    private boolean complete(Outcome.Made made) {
        return made.blobs().values().stream()
                .allMatch(b -> {
                    try {
                        return blobs.size(b.digest()).orElse(-1) == b.sizeBytes();
                    } catch (IOException trouble) {
                        return false;
                    }
                });
    }

    private Event.Graph graph(Blob graph) {
        try {
            return new Event.Graph.Read(
                    GraphReader.read(blobs.read(graph.digest(), Limits.GRAPH_BYTES)));
        } catch (IOException | MalformedDocumentException | IllegalArgumentException e) {
            return new Event.Graph.Unreadable(String.valueOf(e.getMessage()));
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
                    Failure.Kind.HOST,
                    "a blob is damaged and was set aside: "
                            + damaged.getMessage()
                            + "; build again, it will be made anew");
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
