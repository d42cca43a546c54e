package rookery.coordinator.web.page;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepRow;
import rookery.model.JobSpec;
import rookery.model.StepIds;
import rookery.model.Work;

/// Platforms downwards, what is done for each of them across.
///
/// @param modules the step that all programs share
/// @param sources how the fetching of distfiles stands
/// @param fetching distfiles that are not there yet
public record Matrix(
        List<Row> rows,
        boolean programs,
        Optional<Cell> modules,
        Tally sources,
        List<Cell> fetching,
        int fetchingHidden)
        implements Panel {
    private static final int FETCHING = 8;
    private static final int PROGRAM_CHARS = 60;

    /// @param cells resolve, packages, go build, verify, run; empty where the plan has none
    public record Row(
            String program,
            String platform,
            String chost,
            boolean required,
            List<Optional<Cell>> cells) {
        public Row {
            cells = List.copyOf(cells);
        }
    }

    public Matrix {
        rows = List.copyOf(rows);
        fetching = List.copyOf(fetching);
    }

    static Matrix of(Farm farm, Job job) {
        SortedMap<String, List<Look>> packages = new TreeMap<>();
        var fetches = new ArrayList<StepRow>();
        for (StepRow row : job.steps().values()) {
            switch (row.step().work()) {
                case Work.PackageBuild w ->
                        packages.computeIfAbsent(w.target().chost(), _ -> new ArrayList<>())
                                .add(Look.of(row.state()));
                case Work.Fetch _ -> fetches.add(row);
                case Work.Modules _,
                        Work.Resolve _,
                        Work.GoBuild _,
                        Work.Run _,
                        Work.Verify _,
                        Work.Assemble _,
                        Work.Publish _ -> {}
            }
        }
        var rows = new ArrayList<Row>();
        for (JobSpec.Build build : job.spec().builds())
            for (JobSpec.Wanted wanted : job.spec().platforms())
                rows.add(row(farm, job, build, wanted, packages));
        List<StepRow> open = fetches.stream().filter(r -> !r.state().ended()).toList();
        return new Matrix(
                rows,
                job.spec().builds().size() > 1,
                Cell.of(farm, job, StepIds.MODULES),
                Tally.ofRows(fetches),
                open.stream().limit(FETCHING).map(r -> Cell.of(farm, job, r)).toList(),
                Math.max(0, open.size() - FETCHING));
    }

    private static Row row(
            Farm farm,
            Job job,
            JobSpec.Build build,
            JobSpec.Wanted wanted,
            SortedMap<String, List<Look>> packages) {
        String chost = wanted.target().chost();
        var platform = wanted.platform();
        return new Row(
                Clean.line(build.id(), PROGRAM_CHARS),
                platform.toString(),
                chost,
                wanted.required(),
                List.of(
                        Cell.of(farm, job, StepIds.resolve(chost)),
                        Optional.ofNullable(packages.get(chost))
                                .map(looks -> packages(chost, looks)),
                        Cell.of(farm, job, StepIds.goBuild(build.id(), platform)),
                        Cell.of(farm, job, StepIds.verify(build.id(), platform)),
                        Cell.of(farm, job, StepIds.run(build.id(), platform))));
    }

    private static Cell packages(String chost, List<Look> looks) {
        Tally tally = Tally.of(looks);
        return new Cell(
                "packages for " + chost,
                "#packages",
                Look.sum(looks),
                Span.NONE,
                tally.done() + " of " + tally.total());
    }
}
