package rookery.agent.steps;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.function.Consumer;
import rookery.agent.exec.BoundedLog;
import rookery.agent.exec.LogSink;
import rookery.agent.workspace.Room;
import rookery.model.Failure;
import rookery.model.Limits;
import rookery.model.Order;
import rookery.model.Outcome;
import rookery.model.RookeryException;
import rookery.model.Work;
import rookery.oci.Blob;

/// Does orders.
public final class Steps {
    private static final System.Logger LOG = System.getLogger(Steps.class.getName());

    private final Bench bench;

    public Steps(Bench bench) {
        this.bench = bench;
    }

    /// Does one order, whatever happens; returns when nothing of it is left on the machine but its
    /// result. An interrupt ends it.
    ///
    /// @param phase told what the step is at, for people
    /// @param to gets the step's log
    public Outcome run(Order order, Consumer<String> phase, LogSink to) {
        var log = new BoundedLog(to, Limits.LOG_BYTES);
        Outcome outcome;
        try (Room room = bench.cache().room(order.lease().toString())) {
            var attempt = new Attempt(bench, order, room, log, phase);
            outcome =
                    switch (attempt(attempt)) {
                        case Outcome.Made made -> attempt.weighed(made);
                        case Outcome.Broke broke -> broke;
                    };
        } catch (IOException e) {
            outcome = new Outcome.Broke(disk(order, e));
        }
        if (outcome instanceof Outcome.Broke(Failure failure))
            log.note("rookery: " + failure.message());
        log.finish();
        return outcome;
    }

    private Outcome attempt(Attempt attempt) {
        Order order = attempt.order;
        try {
            return switch (order.work()) {
                case Work.Modules work -> GoSteps.modules(attempt, work);
                case Work.Resolve work -> PortageSteps.resolve(attempt, work);
                case Work.Fetch work -> fetch(attempt, work);
                case Work.PackageBuild work -> PortageSteps.build(attempt, work);
                case Work.GoBuild work -> GoSteps.build(attempt, work);
                case Work.Run work -> RunStep.run(attempt, work);
            };
        } catch (Broken e) {
            return new Outcome.Broke(e.failure());
        } catch (RookeryException e) {
            return new Outcome.Broke(Failure.of(e));
        } catch (InterruptedException | ClosedByInterruptException e) {
            return new Outcome.Broke(
                    new Failure(Failure.Kind.CANCELLED, order.step() + " was cancelled"));
        } catch (IOException e) {
            return new Outcome.Broke(disk(order, e));
        } catch (RuntimeException e) {
            // The outermost loop of a step: a bug here must not take the agent with it.
            LOG.log(
                    System.Logger.Level.ERROR,
                    "step=" + order.step() + " lease=" + order.lease(),
                    e);
            return new Outcome.Broke(
                    new Failure(
                            Failure.Kind.BUG,
                            order.step()
                                    + " stopped with "
                                    + e
                                    + "; the agent's own log has more"));
        }
    }

    private static Outcome fetch(Attempt attempt, Work.Fetch work)
            throws IOException, InterruptedException {
        attempt.phase("fetch");
        Path file =
                attempt.bench
                        .distfiles()
                        .fetch(work.distfile(), attempt.room.directory("distfiles"), attempt.log);
        Blob blob = attempt.bench.blobs().store(file);
        return new Outcome.Made(PortageSteps.one("distfile", blob), blob.digest(), new TreeMap<>());
    }

    private static Failure disk(Order order, IOException e) {
        String what = e instanceof FileSystemException f ? f.getFile() + ": " + f.getReason() : "";
        return new Failure(
                Failure.Kind.HOST,
                order.step()
                        + " could not use this machine's files: "
                        + (what.isEmpty() ? e.toString() : what)
                        + "; look at its disk's space and rights");
    }
}
