package rookery.coordinator.web.page;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import rookery.coordinator.farm.StepRow;

/// How many steps of a group stand how.
public record Tally(
        int total, int done, int recalled, int working, int ready, int failed, int cancelled) {

    static Tally of(Collection<Look> looks) {
        Map<Look, Integer> by = new EnumMap<>(Look.class);
        looks.forEach(l -> by.merge(l, 1, Integer::sum));
        return new Tally(
                looks.size(),
                count(by, Look.DONE) + count(by, Look.RECALLED),
                count(by, Look.RECALLED),
                count(by, Look.LEASED) + count(by, Look.RUNNING),
                count(by, Look.READY),
                count(by, Look.FAILED),
                count(by, Look.CANCELLED));
    }

    private static int count(Map<Look, Integer> by, Look look) {
        return by.getOrDefault(look, 0);
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
