package rookery.coordinator.web.page;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// From when to when; without an end it still runs, without a beginning it has not begun.
public record Span(Optional<Instant> from, Optional<Instant> to) {
    static final Span NONE = new Span(Optional.empty(), Optional.empty());

    /// How long it lasted, or has lasted so far; empty before it begins.
    public String text(Instant now) {
        return from.map(start -> Words.brief(Duration.between(start, to.orElse(now)))).orElse("");
    }

    /// When it began, in milliseconds, for the browser to count on from; empty when there is
    /// nothing to count.
    public String runningSince() {
        return from.filter(_ -> to.isEmpty()).map(f -> Long.toString(f.toEpochMilli())).orElse("");
    }

    /// Both ends in full.
    public String exact() {
        return from.map(f -> f + to.map(t -> " – " + t).orElse(" –")).orElse("");
    }
}
