package rookery.coordinator.web.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepRef;

/// What waits although all that it needs is there, and why: the same reason is told once.
///
/// @param unread how many waiting steps were not asked
public record Waits(List<Wait> reasons, int unread) implements Panel {
    /// Steps that are asked for their reason, of each queue.
    private static final int ASKED = 200;

    private static final int REASONS = 12;
    private static final int CHARS = 240;

    /// @param example the step of that reason that is served first
    public record Wait(String reason, int steps, String job, String example, String link) {}

    public Waits {
        reasons = List.copyOf(reasons);
    }

    static Waits of(Farm farm) {
        SortedMap<String, List<StepRef>> by = new TreeMap<>();
        Queue.held(farm).limit(ASKED).forEach(ref -> ask(farm, ref, by));
        Queue.ready(farm).limit(ASKED).forEach(ref -> ask(farm, ref, by));
        var reasons = new ArrayList<Wait>();
        by.forEach((reason, refs) -> {
            StepRef first = refs.getFirst();
            reasons.add(
                    new Wait(
                            reason,
                            refs.size(),
                            first.job().value(),
                            first.step().value(),
                            Links.step(first)));
        });
        reasons.sort(Comparator.comparingInt(Wait::steps).reversed().thenComparing(Wait::reason));
        return new Waits(
                reasons.subList(0, Math.min(REASONS, reasons.size())),
                Math.max(0, Queue.heldSize(farm) - ASKED)
                        + Math.max(0, farm.ready().size() - ASKED));
    }

    private static void ask(Farm farm, StepRef ref, SortedMap<String, List<StepRef>> by) {
        Job job = farm.job(ref.job());
        String why = Clean.line(Reasons.why(farm, job, job.row(ref.step())), CHARS);
        if (!why.isEmpty()) by.computeIfAbsent(why, _ -> new ArrayList<>()).add(ref);
    }
}
