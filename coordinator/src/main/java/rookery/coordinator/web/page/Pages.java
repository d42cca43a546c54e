package rookery.coordinator.web.page;

import java.util.List;
import java.util.Optional;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.JobSummary;
import rookery.coordinator.farm.StepRef;
import rookery.coordinator.farm.StepRow;

/// All pages. Each is a function of the farm and of the jobs that left it.
public final class Pages {
    private Pages() {}

    /// @see Route#parse
    public static Optional<Route> route(String path, Optional<String> before) {
        return Route.parse(path, before);
    }

    public static Page overview(Farm farm) {
        return new Page(
                "Overview",
                Page.Tab.OVERVIEW,
                Links.LIVE + "/",
                List.of(
                        new Section("totals", Totals.of(farm)),
                        new Section("running", JobList.running(farm)),
                        new Section("waiting", Waits.of(farm)),
                        new Section("fleet", Fleet.of(farm, false)),
                        new Section("recent", JobList.recent(farm))),
                Optional.empty());
    }

    /// @param stored from the place where the page begins, newest first, one more than
    ///   [JobList#LINES] when there are more
    /// @param first whether it is the first page, the only one that new jobs appear on
    public static Page jobs(Farm farm, List<JobSummary> stored, boolean first) {
        return new Page(
                "Jobs",
                Page.Tab.JOBS,
                first ? Links.LIVE + "/jobs" : "",
                List.of(new Section("jobs", JobList.all(farm, stored))),
                Optional.empty());
    }

    public static Page agents(Farm farm) {
        return new Page(
                "Agents",
                Page.Tab.AGENTS,
                Links.LIVE + "/agents",
                List.of(
                        new Section("totals", Totals.of(farm)),
                        new Section("fleet", Fleet.of(farm, true))),
                Optional.empty());
    }

    public static Page job(Farm farm, Job job) {
        return new Page(
                Clean.line(job.spec().project(), 80) + " " + job.id(),
                Page.Tab.JOBS,
                Links.LIVE + Links.job(job.id()),
                List.of(
                        new Section("head", JobHead.of(farm, job)),
                        new Section("matrix", Matrix.of(farm, job)),
                        new Section("troubles", Troubles.of(job)),
                        new Section("images", Images.of(farm, job)),
                        new Section("packages", Packages.of(farm, job))),
                Optional.empty());
    }

    public static Page step(Farm farm, Job job, StepRow row) {
        var ref = new StepRef(job.id(), row.id());
        return new Page(
                row.id() + " of " + job.id(),
                Page.Tab.JOBS,
                Links.LIVE + Links.step(ref),
                List.of(
                        new Section("head", StepHead.of(farm, job, row)),
                        new Section(
                                "troubles", Troubles.of(Trouble.of(job, row).stream().toList())),
                        new Section("facts", Facts.of(job, row))),
                Optional.of(ref));
    }
}
