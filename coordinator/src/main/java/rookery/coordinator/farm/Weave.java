package rookery.coordinator.farm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.pcollections.TreePMap;
import rookery.coordinator.plan.Step;
import rookery.model.StepId;

/// What follows from a job's steps: who hangs on whom, how many needs are open, and the ranks.
///
/// A plan has many more edges than steps, and a start weaves every plan there is: so each edge's
/// name is looked up once, and everything else is counting in arrays.
final class Weave {
    private final List<Step> steps;
    private final int[][] needs;
    private final List<List<StepId>> dependents = new ArrayList<>();

    private Weave(SortedMap<StepId, Step> all) {
        steps = List.copyOf(all.values());
        needs = new int[steps.size()][];
        // Looked into, never walked.
        Map<StepId, Integer> numbers = new LinkedHashMap<>();
        for (Step step : steps) {
            numbers.put(step.id(), numbers.size());
            dependents.add(new ArrayList<>());
        }
        for (int i = 0; i < needs.length; i++) {
            Step step = steps.get(i);
            needs[i] = new int[step.needs().size()];
            int n = 0;
            for (StepId need : step.needs().keySet()) {
                Integer number = numbers.get(need);
                if (number == null)
                    throw new IllegalArgumentException(
                            "the plan needs " + need + ", which it does not have");
                needs[i][n++] = number;
                dependents.get(number).add(step.id());
            }
        }
    }

    /// Gives a job exactly these steps, keeping the rows of those it has.
    ///
    /// @throws IllegalArgumentException when the plan has a circle or a gap
    static Job of(Job job, SortedMap<StepId, Step> all, Durations durations) {
        var weave = new Weave(all);
        long[] ranks = weave.ranks(durations);
        SortedMap<StepId, StepRow> rows = new TreeMap<>(job.steps());
        SortedMap<StepId, List<StepId>> dependents = new TreeMap<>();
        boolean[] over = new boolean[ranks.length];
        int open = 0;
        for (int i = 0; i < ranks.length; i++) {
            Step step = weave.steps.get(i);
            StepRow row = rows.get(step.id());
            StepRow next =
                    row == null ? StepRow.fresh(step, ranks[i]) : row.planned(step, ranks[i]);
            rows.put(step.id(), next);
            over[i] = next.state().ended();
            if (!over[i]) open++;
            List<StepId> after = weave.dependents.get(i);
            if (!after.isEmpty()) dependents.put(step.id(), List.copyOf(after));
        }
        SortedMap<StepId, Integer> pending = new TreeMap<>();
        for (int i = 0; i < ranks.length; i++) {
            int left = 0;
            for (int need : weave.needs[i]) if (!over[need]) left++;
            if (left > 0) pending.put(weave.steps.get(i).id(), left);
        }
        return job.with(
                TreePMap.fromSortedMap(rows),
                TreePMap.fromSortedMap(dependents),
                TreePMap.fromSortedMap(pending),
                open);
    }

    private long[] ranks(Durations durations) {
        return Ranks.of(needs, i -> durations.quote(steps.get(i).work()).usualMillis());
    }
}
