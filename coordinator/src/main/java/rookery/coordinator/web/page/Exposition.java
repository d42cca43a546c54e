package rookery.coordinator.web.page;

import java.util.Locale;

/// Prometheus' text format, version 0.0.4: a handful of lines do not need a library of twelve jars.
final class Exposition {
    private final StringBuilder text = new StringBuilder();

    Exposition gauge(String name, String help) {
        return head(name, help, "gauge");
    }

    Exposition counter(String name, String help) {
        return head(name, help, "counter");
    }

    Exposition histogram(String name, String help) {
        return head(name, help, "histogram");
    }

    private Exposition head(String name, String help, String type) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        return this;
    }

    /// @param labels names and values in turn
    Exposition sample(String name, double value, String... labels) {
        text.append(name);
        for (int i = 0; i + 1 < labels.length; i += 2) {
            text.append(i == 0 ? '{' : ',').append(labels[i]).append("=\"");
            text.append(escaped(labels[i + 1])).append('"');
        }
        if (labels.length > 0) text.append('}');
        text.append(' ').append(number(value)).append('\n');
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) return Long.toString((long) value);
        return String.format(Locale.ROOT, "%.6f", value);
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
