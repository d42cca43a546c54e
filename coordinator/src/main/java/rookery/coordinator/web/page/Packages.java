package rookery.coordinator.web.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepRow;
import rookery.model.Work;

/// The packages downwards, the CHOSTs across.
///
/// @param columns each CHOST with its count
/// @param hidden packages that have no line; the first to go are those that are done
public record Packages(List<Column> columns, List<Row> rows, int hidden) implements Panel {
    private static final int ROWS = 200;

    public record Column(String chost, Tally tally) {}

    /// @param cells one per column; empty where that CHOST does without
    public record Row(String cpv, List<Optional<Cell>> cells) {
        public Row {
            cells = List.copyOf(cells);
        }

        boolean over() {
            return cells.stream()
                    .flatMap(Optional::stream)
                    .allMatch(c -> c.look() == Look.DONE || c.look() == Look.RECALLED);
        }
    }

    public Packages {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    static Packages of(Farm farm, Job job) {
        SortedMap<String, SortedMap<String, StepRow>> byCpv = new TreeMap<>();
        SortedMap<String, List<Look>> looks = new TreeMap<>();
        for (StepRow row : job.steps().values()) {
            if (!(row.step().work() instanceof Work.PackageBuild w)) continue;
            String chost = w.target().chost();
            byCpv.computeIfAbsent(w.node().cpv(), _ -> new TreeMap<>()).put(chost, row);
            looks.computeIfAbsent(chost, _ -> new ArrayList<>()).add(Look.of(row.state()));
        }
        SortedSet<String> chosts = new TreeSet<>(looks.keySet());
        var rows = new ArrayList<Row>();
        byCpv.forEach((cpv, by) -> rows.add(row(farm, job, cpv, by, chosts)));
        if (rows.size() > ROWS) rows.sort(Comparator.comparing(Row::over));
        var columns = new ArrayList<Column>();
        looks.forEach((chost, all) -> columns.add(new Column(chost, Tally.of(all))));
        return new Packages(
                columns,
                rows.subList(0, Math.min(ROWS, rows.size())),
                Math.max(0, rows.size() - ROWS));
    }

    private static Row row(
            Farm farm,
            Job job,
            String cpv,
            SortedMap<String, StepRow> by,
            SortedSet<String> chosts) {
        var cells = new ArrayList<Optional<Cell>>();
        for (String chost : chosts)
            cells.add(Optional.ofNullable(by.get(chost)).map(row -> cell(farm, job, row)));
        return new Row(cpv, cells);
    }

    /// That a package waits for another is plain; where it runs or why it broke is not.
    private static Cell cell(Farm farm, Job job, StepRow row) {
        return switch (Look.of(row.state())) {
            case LEASED, RUNNING, FAILED -> Cell.of(farm, job, row);
            case READY, WAITING, CANCELLED, DONE, RECALLED -> Cell.bare(job, row);
        };
    }
}
