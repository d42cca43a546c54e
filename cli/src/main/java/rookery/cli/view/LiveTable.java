package rookery.cli.view;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeSet;
import rookery.cli.view.Style.Tone;
import rookery.model.Target;
import rookery.oci.Platform;

/// The table on a terminal while a job runs: a row per platform, a column per kind of step, below
/// it what is shared, what is at work and what has failed.
public final class LiveTable {
    /// Lines that the table takes however tall the terminal is.
    static final int TALLEST = 40;

    private static final List<String> COLUMNS =
            List.of("resolve", "package", "go-build", "verify", "run");
    private static final int AT_WORK = 6;
    private static final int FAILED = 3;
    private static final int EXCERPT = 6;
    private static final int COLUMN = 14;

    private final Style style;

    public LiveTable(Style style) {
        this.style = style;
    }

    /// The table's lines, at most `height - 1` of them, each at most `width` columns wide.
    public List<String> lines(Job job, Instant now, Duration sinceStart, int width, int height) {
        var head = new ArrayList<Line>();
        long done = job.steps().stream().filter(s -> s.state() == Step.State.DONE).count();
        head.add(
                new Line()
                        .add(job.project(), Tone.STRONG)
                        .add("  " + job.id(), Tone.FAINT)
                        .add("  " + done + " of " + job.steps().size() + " steps")
                        .add("  " + Times.brief(sinceStart)));
        List<Line> rows = rows(job, now);
        List<Line> tail = new ArrayList<>();
        shared(job, now, tail);
        failed(job, tail);
        atWork(job, now, tail);
        int room = Math.max(1, Math.min(height, TALLEST) - 1);
        var all = new ArrayList<>(head);
        int forRows = Math.max(2, room - head.size() - Math.min(tail.size(), room / 2));
        if (rows.size() > forRows) {
            int hidden = rows.size() - forRows + 1;
            rows = new ArrayList<>(rows.subList(0, forRows - 1));
            rows.add(
                    new Line()
                            .add(
                                    style.ellipsis() + " and " + hidden + " more platforms",
                                    Tone.FAINT));
        }
        all.addAll(rows);
        all.addAll(tail);
        return all.stream().limit(room).map(l -> l.render(width, style)).toList();
    }

    private List<Line> rows(Job job, Instant now) {
        var platforms = new TreeSet<String>(byPlatform());
        var kinds = new TreeSet<String>(Comparator.comparingInt(COLUMNS::indexOf));
        for (Step step : job.steps()) {
            if (step.platform().isEmpty()) continue;
            platforms.add(step.platform());
            if (COLUMNS.contains(step.kind())) kinds.add(step.kind());
        }
        var rows = new ArrayList<Line>();
        if (platforms.isEmpty()) return rows;
        int first = platforms.stream().mapToInt(String::length).max().orElse(0) + 2;
        var title = new Line().add("").to(first);
        int column = first;
        for (String kind : kinds) {
            title.add(kind, Tone.FAINT).to(column += COLUMN);
        }
        rows.add(title);
        for (String platform : platforms) {
            var row = new Line().add(platform).to(first);
            column = first;
            for (String kind : kinds) {
                List<Step> steps =
                        job.steps().stream()
                                .filter(s -> s.kind().equals(kind))
                                .filter(s -> s.platform().equals(platform))
                                .toList();
                cell(steps, now, row);
                row.to(column += COLUMN);
            }
            rows.add(row);
        }
        return rows;
    }

    /// What all steps of one kind come to.
    private void cell(List<Step> steps, Instant now, Line to) {
        if (steps.isEmpty()) return;
        long done = steps.stream().filter(s -> s.state() == Step.State.DONE).count();
        String count = steps.size() == 1 ? "" : done + "/" + steps.size() + " ";
        if (steps.stream().anyMatch(s -> s.state() == Step.State.FAILED)) {
            to.add(style.failed() + " " + count, Tone.BAD);
        } else if (steps.stream().anyMatch(Step::isAtWork)) {
            to.add(count + Times.brief(span(steps, now)), Tone.BUSY);
        } else if (done == steps.size()) {
            boolean recalled = steps.stream().allMatch(Step::recalled);
            to.add(
                    style.done() + " " + (recalled ? "recalled" : Times.brief(span(steps, now))),
                    Tone.GOOD);
        } else if (steps.stream().anyMatch(s -> s.state() == Step.State.CANCELLED)) {
            to.add(style.cancelled() + " " + count, Tone.FAINT);
        } else {
            to.add(done == 0 ? style.waiting() : count, Tone.FAINT);
        }
    }

    private static Duration span(List<Step> steps, Instant now) {
        Instant from =
                steps.stream()
                        .flatMap(s -> s.started().stream())
                        .min(Comparator.naturalOrder())
                        .orElse(now);
        boolean busy = steps.stream().anyMatch(Step::isAtWork);
        Instant to =
                busy
                        ? now
                        : steps.stream()
                                .flatMap(s -> s.ended().stream())
                                .max(Comparator.naturalOrder())
                                .orElse(now);
        Duration span = Duration.between(from, to);
        return span.isNegative() ? Duration.ZERO : span;
    }

    private void shared(Job job, Instant now, List<Line> to) {
        SequencedMap<String, List<Step>> byKind = new LinkedHashMap<>();
        for (Step step : job.steps()) {
            boolean shown = !step.platform().isEmpty() && COLUMNS.contains(step.kind());
            if (!shown) byKind.computeIfAbsent(step.kind(), _ -> new ArrayList<>()).add(step);
        }
        if (byKind.isEmpty()) return;
        var line = new Line();
        byKind.forEach((kind, steps) -> {
            line.add(kind + " ", Tone.FAINT);
            cell(steps, now, line);
            line.add("   ");
        });
        to.add(line);
    }

    private void failed(Job job, List<Line> to) {
        job.steps().stream()
                .filter(s -> s.state() == Step.State.FAILED && s.failure().isPresent())
                .limit(FAILED)
                .forEach(step -> {
                    var failure = step.failure().orElseThrow();
                    to.add(
                            new Line()
                                    .add(style.failed() + " " + step.label(), Tone.BAD)
                                    .add(
                                            step.platform().isEmpty()
                                                    ? ""
                                                    : " (" + step.platform() + ")")
                                    .add(": " + failure.message()));
                    List<String> excerpt = failure.excerpt();
                    excerpt.subList(Math.max(0, excerpt.size() - EXCERPT), excerpt.size())
                            .forEach(l -> to.add(new Line().add("    " + l, Tone.FAINT)));
                });
    }

    private void atWork(Job job, Instant now, List<Line> to) {
        List<Step> busy =
                job.steps().stream()
                        .filter(Step::isAtWork)
                        .sorted(Comparator.comparing((Step s) -> s.elapsed(now)).reversed())
                        .toList();
        for (Step step : busy.subList(0, Math.min(AT_WORK, busy.size()))) {
            to.add(
                    new Line()
                            .add("  " + step.label(), Tone.BUSY)
                            .add(step.platform().isEmpty() ? "" : " (" + step.platform() + ")")
                            .add("  " + Times.brief(step.elapsed(now)))
                            .add(step.detail().isEmpty() ? "" : "  " + step.detail(), Tone.FAINT));
        }
        if (busy.size() > AT_WORK)
            to.add(new Line().add("  and " + (busy.size() - AT_WORK) + " more", Tone.FAINT));
        if (busy.isEmpty() && !job.hasEnded()) {
            job.steps().stream()
                    .filter(s -> s.state() == Step.State.READY || s.state() == Step.State.WAITING)
                    .filter(s -> !s.detail().isEmpty())
                    .findFirst()
                    .ifPresent(s ->
                            to.add(
                                    new Line()
                                            .add(
                                                    "  " + s.label() + " waits: " + s.detail(),
                                                    Tone.FAINT)));
        }
    }

    static Comparator<String> byPlatform() {
        return (a, b) -> {
            try {
                return Target.order().compare(Platform.parse(a), Platform.parse(b));
            } catch (IllegalArgumentException _) {
                return a.compareTo(b); // a newer farm's word
            }
        };
    }
}
