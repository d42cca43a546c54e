package rookery.sim;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Which faults struck how often, and in which states steps stood at that moment. A simulation that
/// never hit a state proves nothing about it.
final class Coverage {
    static final List<String> STATES =
            List.of("Waiting", "Recalling", "Ready", "Leased", "Running", "Growing", "none");

    private final Map<Fault, Integer> times = new EnumMap<>(Fault.class);
    private final Map<Fault, Map<String, Integer>> inState = new EnumMap<>(Fault.class);

    void struck(Fault fault, Set<String> states) {
        times.merge(fault, 1, Integer::sum);
        Map<String, Integer> row = inState.computeIfAbsent(fault, _ -> new TreeMap<>());
        for (String state : states.isEmpty() ? Set.of("none") : states)
            row.merge(state, 1, Integer::sum);
    }

    void add(Coverage other) {
        other.times.forEach((fault, n) -> times.merge(fault, n, Integer::sum));
        other.inState.forEach((fault, row) -> {
            Map<String, Integer> mine = inState.computeIfAbsent(fault, _ -> new TreeMap<>());
            row.forEach((state, n) -> mine.merge(state, n, Integer::sum));
        });
    }

    long faults() {
        return times.values().stream().mapToLong(Integer::longValue).sum();
    }

    int of(Fault fault, String state) {
        return inState.getOrDefault(fault, Map.of()).getOrDefault(state, 0);
    }

    Set<Fault> kinds() {
        return times.keySet();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Coverage c && times.equals(c.times) && inState.equals(c.inState);
    }

    @Override
    public int hashCode() {
        return inState.hashCode();
    }

    /// One row per fault: how often it struck, and how often while some step stood in each state.
    @Override
    public String toString() {
        var text = new StringBuilder(String.format(Locale.ROOT, "  %-22s%8s", "fault", "times"));
        STATES.forEach(s -> text.append(String.format(Locale.ROOT, "%10s", s)));
        text.append(System.lineSeparator());
        for (Fault fault : Fault.values()) {
            text.append(
                    String.format(Locale.ROOT, "  %-22s%8d", fault, times.getOrDefault(fault, 0)));
            STATES.forEach(s -> text.append(String.format(Locale.ROOT, "%10d", of(fault, s))));
            text.append(System.lineSeparator());
        }
        return text.toString();
    }
}
