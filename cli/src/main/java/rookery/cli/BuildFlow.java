package rookery.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.cli.dist.DistPlan;
import rookery.cli.dist.DistWriter;
import rookery.cli.farm.FarmClient;
import rookery.cli.farm.JobRun;
import rookery.cli.pack.Project;
import rookery.cli.pack.SourcePacker;
import rookery.cli.spec.Problem;
import rookery.cli.spec.Problems;
import rookery.cli.view.Job;
import rookery.cli.view.Results;
import rookery.cli.view.Step;
import rookery.coordinator.blobs.Named;
import rookery.model.Blame;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.RookeryException;
import rookery.model.StepId;

/// One build: pack, submit, watch, write `dist/`. Shared by `build` and `demo`.
final class BuildFlow {
    /// What is asked for besides the spec.
    ///
    /// @param requestId the same for each attempt to submit the same job
    /// @param named the output directory as the user named it
    record Request(
            String requestId,
            boolean push,
            boolean allowDrop,
            Path dist,
            String named,
            Progress.Kind progress) {}

    /// What came of it.
    ///
    /// @param problems of the spec that only packing could find; then nothing was built
    /// @param logs where the failed steps' logs are, by step
    record Built(
            List<Problem> problems,
            Optional<Results> results,
            Optional<DistPlan> dist,
            SortedMap<String, String> logs,
            Optional<Failure.Kind> failure,
            Instant from,
            Instant to) {
        Duration took() {
            return Duration.between(from, to);
        }

        int exitCode() {
            return failure.map(Failure.Kind::exitCode).orElse(ExitCodes.OK);
        }
    }

    private final Context context;
    private final FarmClient farm;

    BuildFlow(Context context, FarmClient farm) {
        this.context = context;
        this.farm = farm;
    }

    Built build(Project project, Request request) {
        Instant from = context.clock().instant();
        var problems = new Problems();
        Optional<JobSpec> spec =
                new SourcePacker(farm.store().local(), request.dist()).pack(project, problems);
        if (spec.isEmpty())
            return new Built(
                    problems.sorted(),
                    Optional.empty(),
                    Optional.empty(),
                    new TreeMap<>(),
                    Optional.of(Failure.Kind.SPEC),
                    from,
                    context.clock().instant());
        farm.store().send(Named.by(spec.get()));
        Job job = run(spec.get(), request);
        Results results = Results.of(spec.get(), job);
        Optional<DistPlan> dist = Optional.empty();
        if (job.state() == Job.State.DONE) {
            dist = Optional.of(DistPlan.of(results));
            bring(dist.get());
            new DistWriter(farm.store().local()).write(dist.get(), request.dist());
        }
        return new Built(
                List.of(),
                Optional.of(results),
                dist,
                logs(job, results.failures()),
                failure(results),
                from,
                context.clock().instant());
    }

    private void bring(DistPlan dist) {
        farm.store().bring(dist.binaries().stream().map(DistPlan.Binary::blob).toList());
        dist.layouts().forEach(l -> farm.store().bringImage(l.index()));
    }

    private Job run(JobSpec spec, Request request) {
        JobRun run =
                JobRun.submit(
                        farm,
                        spec,
                        new JobRun.Asked(
                                request.requestId(), request.push(), request.allowDrop(), false));
        JobTalk.warnings(context, run);
        return watch(run, request.progress());
    }

    /// Follows a job to its end. Ctrl-C cancels it where nobody else could; on a farm elsewhere it
    /// goes on.
    Job watch(JobRun run, Progress.Kind kind) {
        Progress progress = Progress.of(kind, context.err(), context.terminal(), context.clock());
        try (var _ = context.interrupts().during(() -> interrupted(run))) {
            return run.watch(Progress.BEAT, progress::show);
        } finally {
            progress.end();
        }
    }

    /// On the thread that Ctrl-C came in on.
    private void interrupted(JobRun run) {
        if (farm.isRemote()) {
            JobTalk.goesOn(context, run.id());
            context.interrupts().leaveAtOnce();
        } else {
            context.err().println("rookery: cancelling job " + run.id());
            run.cancel();
        }
    }

    /// What a job of another time came to; nothing is written.
    Built ended(JobSpec spec, Job job) {
        Results results = Results.of(spec, job);
        return new Built(
                List.of(),
                Optional.of(results),
                Optional.empty(),
                logs(job, results.failures()),
                failure(results),
                job.submitted().orElse(context.clock().instant()),
                job.ended().orElse(context.clock().instant()));
    }

    private SortedMap<String, String> logs(Job job, List<Step> failures) {
        SortedMap<String, String> logs = new TreeMap<>();
        for (Step step : failures) {
            farm.log(new JobId(job.id()), new StepId(step.id()))
                    .ifPresent(where -> logs.put(step.id(), where));
        }
        return logs;
    }

    private static Optional<Failure.Kind> failure(Results results) {
        return switch (results.job().state()) {
            case DONE -> Optional.empty();
            case CANCELLED -> Optional.of(Failure.Kind.CANCELLED);
            case FAILED ->
                    Optional.of(
                            results.decisive()
                                    .map(Failure::kind)
                                    .orElseThrow(() ->
                                            new RookeryException(
                                                    Blame.BUG,
                                                    "job "
                                                            + results.job().id()
                                                            + " failed, but none of its required"
                                                            + " steps did")));
            case RUNNING, UNKNOWN ->
                    throw new RookeryException(
                            Blame.BUG, "job " + results.job().id() + " has not ended");
        };
    }

    /// The paths that were written, as the user can use them.
    static List<String> paths(Built built, Request request) {
        var lines = new ArrayList<String>();
        built.dist()
                .ifPresent(plan -> {
                    plan.binaries().forEach(b -> lines.add(request.named() + "/" + b.path()));
                    plan.layouts()
                            .forEach(l ->
                                    lines.add(
                                            request.named()
                                                    + "/"
                                                    + l.path()
                                                    + "  "
                                                    + l.image().image().repository()
                                                    + (l.image().pushed() ? " (pushed)" : "")
                                                    + "  "
                                                    + l.index().digest()
                                                    + "  "
                                                    + String.join(" ", l.image().platforms())));
                });
        return lines;
    }
}
