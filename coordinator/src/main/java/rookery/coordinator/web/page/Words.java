package rookery.coordinator.web.page;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/// Times, sizes and counts as people say them, in the command line's words.
public final class Words {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Words() {}

    /// `0.4s`, `12s`, `3m 05s`, `1h 02m`, `2d 03h`.
    public static String brief(Duration time) {
        long millis = Math.max(0, time.toMillis());
        long seconds = millis / 1000;
        if (millis < 10_000) return String.format(Locale.ROOT, "%.1fs", millis / 1000.0);
        if (seconds < 60) return seconds + "s";
        if (seconds < 3600)
            return String.format(Locale.ROOT, "%dm %02ds", seconds / 60, seconds % 60);
        if (seconds < 86_400)
            return String.format(Locale.ROOT, "%dh %02dm", seconds / 3600, seconds % 3600 / 60);
        return String.format(Locale.ROOT, "%dd %02dh", seconds / 86_400, seconds % 86_400 / 3600);
    }

    /// `3m 05s ago`.
    public static String ago(Instant then, Instant now) {
        return brief(Duration.between(then, now)) + " ago";
    }

    /// `in 3m 05s`, or that it is overdue.
    public static String until(Instant then, Instant now) {
        return then.isAfter(now) ? "in " + brief(Duration.between(now, then)) : "any moment";
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

    /// `1 step`, `12 steps`.
    public static String count(long n, String thing) {
        return n + " " + thing + (n == 1 ? "" : "s");
    }
}
