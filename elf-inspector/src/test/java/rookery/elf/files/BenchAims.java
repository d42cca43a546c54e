package rookery.elf.files;

import java.util.ArrayList;
import java.util.List;

/// The figures that were aimed at, beside those that came out.
final class BenchAims {
    private final List<String> lines = new ArrayList<>();
    private int missed;

    void atMost(String what, double figure, double aim, String unit) {
        add(figure <= aim, what, figure, "at most", aim, unit);
    }

    void atLeast(String what, double figure, double aim, String unit) {
        add(figure >= aim, what, figure, "at least", aim, unit);
    }

    private void add(
            boolean met, String what, double figure, String bound, double aim, String unit) {
        missed += met ? 0 : 1;
        lines.add(
                "  %-6s  %s: %.3g %s (aim: %s %.3g)"
                        .formatted(met ? "met" : "MISSED", what, figure, unit, bound, aim));
    }

    void print() {
        Bench.say("");
        Bench.say("Aims: %d met, %d missed".formatted(lines.size() - missed, missed));
        lines.forEach(Bench::say);
    }
}
