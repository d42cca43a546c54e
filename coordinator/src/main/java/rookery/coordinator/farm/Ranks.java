package rookery.coordinator.farm;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.coordinator.plan.Step;
import rookery.model.Distfile;
import rookery.model.StepId;
import rookery.model.Work;

/// Upward ranks: how many seconds of work lie between a step's start and its job's end along the
/// longest way. The longest way is served first, because nothing else can make the job end sooner.
///
/// What steps cost is a fixed guess by kind here, measured on two cores; the order matters, the
/// numbers hardly do.
final class Ranks {
    private Ranks() {}

    static SortedMap<StepId, Long> of(Map<StepId, Step> steps) {
        SortedMap<StepId, Integer> open = new TreeMap<>();
        SortedMap<StepId, Long> ranks = new TreeMap<>();
        steps.values()
                .forEach(s -> s.needs().keySet().forEach(n -> open.merge(n, 1, Integer::sum)));
        Deque<Step> leaves = new ArrayDeque<>();
        steps.values().stream().filter(s -> !open.containsKey(s.id())).forEach(leaves::add);
        while (!leaves.isEmpty()) {
            Step step = leaves.poll();
            long rank = ranks.getOrDefault(step.id(), 0L) + seconds(step.work());
            ranks.put(step.id(), rank);
            for (StepId need : step.needs().keySet()) {
                ranks.merge(need, rank, Math::max);
                if (open.merge(need, -1, Integer::sum) == 0) leaves.add(step(steps, need));
            }
        }
        if (ranks.size() != steps.size() || open.values().stream().anyMatch(n -> n != 0)) {
            throw new IllegalArgumentException("the plan has a circle");
        }
        return ranks;
    }

    private static Step step(Map<StepId, Step> steps, StepId id) {
        Step step = steps.get(id);
        if (step == null)
            throw new IllegalArgumentException("the plan needs " + id + ", which it does not have");
        return step;
    }

    private static long seconds(Work work) {
        return switch (work) {
            // Before a package was ever built, the size of its sources is the best guess there is.
            case Work.PackageBuild w ->
                    20
                            + 8
                                    * (w.node().distfiles().stream()
                                                    .mapToLong(Distfile::sizeBytes)
                                                    .sum()
                                            >> 20);
            case Work.GoBuild _ -> 30;
            case Work.Modules _, Work.Fetch _, Work.Resolve _ -> 5;
            case Work.Verify _, Work.Run _, Work.Assemble _ -> 1;
            case Work.Publish _ -> 5;
        };
    }
}
