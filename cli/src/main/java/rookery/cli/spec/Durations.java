package rookery.cli.spec;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import rookery.model.Limits;

/// Times as people write them: `30s`, `2m`, `1m30s`.
public final class Durations {
    private static final Pattern FORM = Pattern.compile("(?:([0-9]{1,4})m)?(?:([0-9]{1,5})s)?");

    private Durations() {}

    /// The time, if it is one that a smoke run may take.
    static Optional<Duration> parse(String text) {
        var m = FORM.matcher(text);
        if (text.isEmpty() || !m.matches()) return Optional.empty();
        Duration found = Duration.ofMinutes(number(m.group(1))).plusSeconds(number(m.group(2)));
        boolean fits = !found.isZero() && found.compareTo(Limits.RUN) <= 0;
        return fits ? Optional.of(found) : Optional.empty();
    }

    static String most() {
        return Limits.RUN.toMinutes() + "m";
    }

    private static long number(@org.jspecify.annotations.Nullable String digits) {
        return digits == null ? 0 : Long.parseLong(digits);
    }
}
