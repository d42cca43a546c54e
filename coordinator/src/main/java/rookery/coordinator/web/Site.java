package rookery.coordinator.web;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepRef;
import rookery.coordinator.web.page.JobList;
import rookery.coordinator.web.page.LogTail;
import rookery.coordinator.web.page.Page;
import rookery.coordinator.web.page.Pages;
import rookery.coordinator.web.page.Route;

/// Finds what a page is made of: the newest farm, else the jobs on disk. Blocks.
record Site(Supplier<Farm> farm, History history, LogSource logs) {

    /// Empty when there is no such job or step.
    Optional<Page> page(Route route) {
        Farm now = farm.get();
        return switch (route) {
            case Route.Overview _ -> Optional.of(Pages.overview(now));
            case Route.Agents _ -> Optional.of(Pages.agents(now));
            case Route.Jobs(var before) ->
                    Optional.of(
                            Pages.jobs(
                                    now,
                                    history.jobs(JobList.LINES + 1, before),
                                    before.isEmpty()));
            case Route.OneJob(var id) ->
                    now.find(id).or(() -> history.job(id)).map(job -> Pages.job(now, job));
            case Route.OneStep(var ref) ->
                    job(now, ref)
                            .flatMap(job ->
                                    Optional.ofNullable(job.steps().get(ref.step()))
                                            .map(row -> Pages.step(now, job, row)));
            case Route.Log _ -> Optional.empty();
        };
    }

    /// Whether there is such a step.
    boolean has(StepRef ref) {
        return job(farm.get(), ref).filter(j -> j.steps().containsKey(ref.step())).isPresent();
    }

    /// Whether a step's log can still grow.
    boolean isOver(StepRef ref) {
        return job(farm.get(), ref)
                .map(j -> j.steps().get(ref.step()))
                .map(row -> row.state().ended())
                .orElse(true);
    }

    LogTail tail(StepRef ref) throws IOException {
        boolean over = isOver(ref);
        long from = Math.max(0, logs.size(ref) - LogTail.BYTES);
        return LogTail.of(logs.read(ref, from, LogTail.BYTES), from, over);
    }

    private Optional<Job> job(Farm now, StepRef ref) {
        return now.find(ref.job()).or(() -> history.job(ref.job()));
    }
}
