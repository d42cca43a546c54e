package rookery.coordinator.web.page;

import java.util.Collection;
import java.util.Locale;
import java.util.StringJoiner;
import rookery.coordinator.farm.StepRow;

/// How many steps of a group stand how.
public record Tally(
        int total, int done, int recalled, int working, int ready, int failed, int cancelled) {

    static Tally of(Collection<Look> looks) {
        int[] by = new int[Look.values().length];
        looks.forEach(l -> by[l.ordinal()]++);
        return new Tally(
                looks.size(),
                by[Look.DONE.ordinal()] + by[Look.RECALLED.ordinal()],
                by[Look.RECALLED.ordinal()],
                by[Look.LEASED.ordinal()] + by[Look.RUNNING.ordinal()],
                by[Look.READY.ordinal()],
                by[Look.FAILED.ordinal()],
                by[Look.CANCELLED.ordinal()]);
    }

    static Tally ofRows(Collection<StepRow> rows) {
        return of(rows.stream().map(r -> Look.of(r.state())).toList());
    }

    public int ended() {
        return done + failed + cancelled;
    }

    /// `31 of 58 done, 4 running, 1 failed`.
    public String text() {
        var words = new StringJoiner(", ");
        words.add(String.format(Locale.ROOT, "%d of %d done", done, total));
        if (recalled > 0) words.add(recalled + " recalled");
        if (working > 0) words.add(working + " running");
        if (ready > 0) words.add(ready + " ready");
        if (failed > 0) words.add(failed + " failed");
        if (cancelled > 0) words.add(cancelled + " cancelled");
        return words.toString();
    }
}
