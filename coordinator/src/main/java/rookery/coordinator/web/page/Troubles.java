package rookery.coordinator.web.page;

import java.util.Comparator;
import java.util.List;
import rookery.coordinator.farm.Job;

/// Everything that broke in a job, what ended steps first.
///
/// @param hidden how many more there are
public record Troubles(List<Trouble> list, int hidden) implements Panel {
    private static final int SHOWN = 20;

    public Troubles {
        list = List.copyOf(list);
    }

    static Troubles of(Job job) {
        return of(
                job.steps().values().stream()
                        .flatMap(row -> Trouble.of(job, row).stream())
                        .sorted(
                                Comparator.comparing((Trouble t) -> !t.over())
                                        .thenComparing(t -> !t.required())
                                        .thenComparing(Trouble::step))
                        .toList());
    }

    static Troubles of(List<Trouble> all) {
        return new Troubles(
                all.subList(0, Math.min(SHOWN, all.size())), Math.max(0, all.size() - SHOWN));
    }
}
