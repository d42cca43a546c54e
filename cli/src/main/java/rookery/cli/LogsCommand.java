package rookery.cli;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import rookery.cli.farm.FarmClient;
import rookery.cli.farm.JobLook;
import rookery.cli.farm.JobRun;
import rookery.cli.farm.LogReader;
import rookery.cli.view.Job;
import rookery.cli.view.Step;
import rookery.model.RookeryException;

/// `rookery logs`.
@Command(
        name = "logs",
        description = "Prints the log of a job's step, or of all its steps.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  rookery logs j1a2b3c4d5e6 zlib       one step; enough of its name will do",
            "  rookery logs -f j1a2b3c4d5e6         every step, live, until the job ends",
            "  rookery logs --raw j1a2b3c4d5e6 modules > modules.log"
        })
final class LogsCommand implements Callable<Integer> {
    /// Steps whose logs are followed at once.
    private static final int AT_ONCE = 64;

    private final Context context;

    @Parameters(index = "0", paramLabel = "JOB", description = "The job's id.")
    private String job = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "STEP",
            description = "The step, or a part of its name (default: all).")
    private String asked = "";

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until the step, or the job, has ended.")
    private boolean follow;

    @Option(names = "--raw", description = "The bytes as they came, control characters and all.")
    private boolean raw;

    @Mixin private RemoteOptions remote = new RemoteOptions();

    LogsCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (FarmClient farm = remote.open(context)) {
            Job now = JobLook.at(farm, job);
            if (!asked.isEmpty()) read(farm, JobLook.step(now, asked), "", follow);
            else if (follow && !now.hasEnded()) followAll(farm);
            else begun(now).forEach(s -> read(farm, s, s.id() + " | ", false));
            return ExitCodes.OK;
        }
    }

    /// In the order in which they began.
    private static List<Step> begun(Job job) {
        return job.steps().stream()
                .filter(s -> s.started().isPresent() && !s.recalled())
                .sorted(java.util.Comparator.comparing(s -> s.started().orElseThrow()))
                .toList();
    }

    private void read(FarmClient farm, Step step, String prefix, boolean live) {
        LogLines.Form form =
                raw
                        ? LogLines.Form.RAW
                        : switch (remote.output()) {
                            case TEXT -> LogLines.Form.TEXT;
                            case JSON -> LogLines.Form.JSON;
                        };
        var lines = new LogLines(context.out(), form, step.id(), prefix);
        new LogReader(farm, job, step.id()).read(live, lines);
        lines.end();
    }

    /// Each step from when it begins, beside the others.
    private void followAll(FarmClient farm) {
        Set<String> known = ConcurrentHashMap.newKeySet();
        var room = new Semaphore(AT_ONCE);
        var trouble =
                new java.util.concurrent.atomic.AtomicReference<Optional<RookeryException>>(
                        Optional.empty());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            JobRun.of(farm, job)
                    .watch(
                            Progress.BEAT,
                            seen ->
                                    begun(seen).stream()
                                            .filter(s -> known.add(s.id()))
                                            .forEach(s ->
                                                    threads.execute(
                                                            () -> one(farm, s, room, trouble))));
        }
        trouble.get()
                .ifPresent(e -> {
                    throw e;
                });
    }

    private void one(
            FarmClient farm,
            Step step,
            Semaphore room,
            java.util.concurrent.atomic.AtomicReference<Optional<RookeryException>> trouble) {
        room.acquireUninterruptibly();
        try {
            read(farm, step, step.id() + " | ", true);
        } catch (RookeryException e) {
            trouble.compareAndSet(Optional.empty(), Optional.of(e));
        } finally {
            room.release();
        }
    }
}
