package rookery.coordinator.farm;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import rookery.coordinator.plan.Step;
import rookery.model.StepId;

/// Upward ranks: how many milliseconds of work lie between a step's start and its job's end along
/// the longest way, by what steps are known to take on a usual agent. The longest way is served
/// first, because nothing else can make the job end sooner.
///
/// Topcuoglu, Hariri and Wu, "Performance-effective and low-complexity task scheduling for
/// heterogeneous computing" (HEFT), IEEE TPDS 13(3), 2002; without their cost of each edge, which
/// placement adds where an agent does not hold an input.
final class Ranks {
    private Ranks() {}

    /// Given in no order to be walked in.
    static Map<StepId, Long> of(Map<StepId, Step> steps, Durations durations) {
        Map<StepId, Integer> open = new LinkedHashMap<>();
        Map<StepId, Long> ranks = new LinkedHashMap<>();
        steps.values()
                .forEach(s -> s.needs().keySet().forEach(n -> open.merge(n, 1, Integer::sum)));
        Deque<Step> leaves = new ArrayDeque<>();
        steps.values().stream().filter(s -> !open.containsKey(s.id())).forEach(leaves::add);
        while (!leaves.isEmpty()) {
            Step step = leaves.poll();
            long rank =
                    ranks.getOrDefault(step.id(), 0L) + durations.quote(step.work()).usualMillis();
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
}
