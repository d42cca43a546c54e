package rookery.cli.view;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/// How much of a wall clock's time was the farm's own: the time in which no step was at work.
public record OwnTime(Duration own, Duration wall) {
    /// A stretch of time in which something was at work.
    public record Stretch(Instant from, Instant to) {}

    /// @param steps of all jobs that ran between `from` and `to`
    public static OwnTime of(List<Step> steps, Instant from, Instant to) {
        List<Stretch> busy =
                steps.stream()
                        .filter(s -> !s.recalled() && s.started().isPresent())
                        .map(s -> new Stretch(s.started().orElse(to), s.ended().orElse(to)))
                        .sorted(Comparator.comparing(Stretch::from))
                        .toList();
        Duration own = Duration.ZERO;
        Instant until = from;
        for (Stretch stretch : busy) {
            if (stretch.from().isAfter(until))
                own = own.plus(Duration.between(until, earlier(stretch.from(), to)));
            if (stretch.to().isAfter(until)) until = earlier(stretch.to(), to);
        }
        return new OwnTime(own.plus(Duration.between(until, to)), Duration.between(from, to));
    }

    /// A sentence for people.
    public String sentence() {
        double percent = wall.isZero() ? 0 : 100.0 * own.toMillis() / wall.toMillis();
        return String.format(
                java.util.Locale.ROOT,
                "%s of %s (%.1f %%) was the farm's own time",
                Times.brief(own),
                Times.brief(wall),
                percent);
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
