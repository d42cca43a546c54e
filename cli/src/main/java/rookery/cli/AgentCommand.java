package rookery.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import rookery.agent.Agent;
import rookery.cli.agent.AgentProcess;
import rookery.cli.embedded.Homes;
import rookery.cli.view.Harmless;
import rookery.model.Blame;
import rookery.model.Failure;
import rookery.model.RookeryException;

/// `rookery agent`.
@Command(
        name = "agent",
        description = "Runs an agent that builds for a farm; or says how one of its agents stands.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  rookery agent --join https://farm.example.org:7601 --token TOKEN",
            "  rookery agent drain builder-3      it finishes what it has, then leaves",
            "%nSIGTERM drains too; a second one kills the steps at once."
        })
final class AgentCommand implements Callable<Integer> {
    /// How long an agent that is to stop at once may take to kill its steps and to say so.
    private static final int ABORT_SECONDS = 20;

    private final Context context;

    @Option(names = "--join", paramLabel = "URL", description = "The farm's gRPC address.")
    private String join = "";

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "For the first time (default: $ROOKERY_TOKEN).")
    private String token = "";

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What the farm calls it (default: as the token says, or the host's).")
    private String name = "";

    @Option(
            names = "--slots",
            paramLabel = "N",
            description = "Steps that it takes at once (default: the number of cores).")
    private int slots = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--labels",
            paramLabel = "LABEL",
            split = ",",
            description = "What specs may ask for.")
    private List<String> labels = new ArrayList<>();

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Toolchains and inputs (default: the XDG cache directory).")
    private Path cache = Path.of("");

    @Option(
            names = "--cache-inputs",
            paramLabel = "GIB",
            description = "How much of steps' inputs is kept (default: 20).")
    private int keptGib = 20;

    @Option(
            names = "--identity",
            paramLabel = "DIR",
            description = "Where its certificate lies (default: the XDG configuration directory).")
    private Path identity = Path.of("");

    AgentCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (join.isEmpty())
            throw new RookeryException(
                    Blame.SPEC,
                    "an agent builds for a farm: name it with --join URL, or say drain, cordon or open NAME");
        if (slots < 1 || keptGib < 1)
            throw new RookeryException(
                    Blame.SPEC, "--slots and --cache-inputs are at least 1 each");
        ServiceLog.toStderr();
        Homes homes = Homes.of(context.env());
        var settings =
                new AgentProcess.Settings(
                        join,
                        token.isEmpty() ? context.variable("ROOKERY_TOKEN") : Optional.of(token),
                        name,
                        Optional.of(identity)
                                .filter(p -> !p.toString().isEmpty())
                                .map(context.directory()::resolve),
                        slots,
                        new TreeSet<>(labels),
                        cache.toString().isEmpty()
                                ? homes.cache()
                                : context.directory().resolve(cache),
                        (long) keptGib << 30,
                        homes.goRoot(),
                        context.env());
        try (var process = AgentProcess.start(settings)) {
            return serve(process);
        }
    }

    private int serve(AgentProcess process) throws InterruptedException {
        Agent agent = process.agent();
        var signals = new AtomicInteger();
        var aborted = new CountDownLatch(1);
        context.interrupts()
                .serve(() -> {
                    if (signals.incrementAndGet() == 1) {
                        context.err()
                                .println(
                                        "rookery: finishing what is at work, then leaving; once more stops at once");
                        agent.drain();
                    } else {
                        context.err().println("rookery: stopping at once");
                        agent.abort();
                        aborted.countDown();
                    }
                });
        context.err()
                .println(
                        "rookery: agent "
                                + Harmless.line(process.name())
                                + " builds for "
                                + Harmless.line(join));
        // Whichever is first: it has nothing more to do, is to stop, or is nobody there any more.
        var left = agent.left();
        var _ = left.thenRun(aborted::countDown);
        var _ =
                process.refused()
                        .thenRun(() -> {
                            agent.abort();
                            aborted.countDown();
                        });
        aborted.await();
        if (process.refused().isDone()) throw process.refused().join();
        try {
            return switch (left.get(ABORT_SECONDS, TimeUnit.SECONDS)) {
                case DRAINED -> signals.get() > 1 ? cancelled() : ExitCodes.OK;
                case BROKEN -> ExitCodes.BUG;
            };
        } catch (TimeoutException _) {
            return cancelled();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int cancelled() {
        return Failure.Kind.CANCELLED.exitCode();
    }
}
