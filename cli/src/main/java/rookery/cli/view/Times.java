package rookery.cli.view;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Times and sizes as people say them.
public final class Times {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Times() {}

    /// `0.4s`, `12s`, `3m 05s`, `1h 02m`.
    public static String brief(Duration time) {
        long seconds = time.toSeconds();
        if (time.toMillis() < 10_000)
            return String.format(Locale.ROOT, "%.1fs", time.toMillis() / 1000.0);
        if (seconds < 60) return seconds + "s";
        if (seconds < 3600)
            return String.format(Locale.ROOT, "%dm %02ds", seconds / 60, seconds % 60);
        return String.format(Locale.ROOT, "%dh %02dm", seconds / 3600, seconds % 3600 / 60);
    }

    /// `3m 05s ago`, `in 12s`; `-` where there is no time.
    public static String from(Optional<Instant> time, Instant now) {
        if (time.isEmpty()) return "-";
        Duration away = Duration.between(time.get(), now);
        return away.isNegative() ? "in " + brief(away.negated()) : brief(away) + " ago";
    }

    public static String size(long bytes) {
        double left = bytes;
        int unit = 0;
        while (left >= 1024 && unit < UNITS.length - 1) {
            left /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", left, UNITS[unit]);
    }
}
