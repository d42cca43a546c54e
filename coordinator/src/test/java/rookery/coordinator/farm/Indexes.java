package rookery.coordinator.farm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import rookery.model.JobId;
import rookery.model.StepId;
import rookery.model.Work;
import rookery.oci.Digest;

/// Every index of a farm is what counting all its steps anew would give.
final class Indexes {
    private Indexes() {}

    static void check(Farm farm) {
        SortedSet<Due> due = new TreeSet<>();
        SortedSet<StepRef> ready = new TreeSet<>();
        SortedSet<StepRef> soon = new TreeSet<>();
        SortedMap<Digest, StepRef> busy = new TreeMap<>();
        SortedMap<String, JobId> requests = new TreeMap<>();
        List<StepRef> unable = new ArrayList<>();
        farm.unable().values().forEach(unable::addAll);
        for (Job job : farm.jobs().values()) {
            requests.put(job.requestId(), job.id());
            assertThat(farm.ended().stream().anyMatch(e -> e.job().equals(job.id())))
                    .as("%s is among the ended", job.id())
                    .isEqualTo(!job.running());
            for (StepRow row : job.steps().values()) {
                var ref = new StepRef(job.id(), row.id());
                switch (row.state()) {
                    case StepState.Waiting(Instant at) -> {
                        if (isHeld(job, row) && !unable.contains(ref)) due.add(new Due(at, ref));
                        if (isSoon(job, row)) soon.add(ref);
                        assertThat(job.pending().getOrDefault(row.id(), 0))
                                .as("open needs of %s", ref)
                                .isEqualTo(openNeeds(job, row));
                    }
                    case StepState.Ready _ -> ready.add(ref);
                    case StepState.Leased leased -> busy.put(leased.key(), ref);
                    case StepState.Running running -> busy.put(running.key(), ref);
                    case StepState.Growing(_, Optional<StepState.Origin> origin) ->
                            origin.ifPresent(o -> busy.put(o.key(), ref));
                    case StepState.Recalling _,
                            StepState.Done _,
                            StepState.Failed _,
                            StepState.Cancelled _ -> {}
                }
            }
        }
        assertThat(farm.due()).containsExactlyElementsOf(due);
        assertThat(unable).doesNotHaveDuplicates().allMatch(ref -> isUnable(farm, ref));
        SortedSet<StepRef> waiting = new TreeSet<>(farm.ready().places().keySet());
        waiting.addAll(farm.ready().own());
        assertThat(waiting).containsAll(ready);
        assertThat(farm.lending().soon().last().keySet()).containsExactlyElementsOf(soon);
        assertThat(farm.lending().soon().steps().places().keySet()).containsExactlyElementsOf(soon);
        assertThat(farm.busy()).containsExactlyEntriesOf(busy);
        assertThat(farm.requests()).containsExactlyEntriesOf(requests);
        assertThat(farm.roster()).isEqualTo(Roster.of(farm.agents().values()));
    }

    private static boolean isHeld(Job job, StepRow row) {
        return job.running() && job.mayRun(row) && openNeeds(job, row) == 0;
    }

    private static boolean isSoon(Job job, StepRow row) {
        return job.running()
                && job.mayRun(row)
                && openNeeds(job, row) == 1
                && row.step().needs().keySet().stream()
                        .anyMatch(need -> job.row(need).state() instanceof StepState.Leased)
                && row.step().work() instanceof Work.OnAgent work
                && !Demand.isLight(work);
    }

    private static boolean isUnable(Farm farm, StepRef ref) {
        Job job = farm.job(ref.job());
        StepRow row = job.row(ref.step());
        return isHeld(job, row)
                && row.state() instanceof StepState.Waiting
                && row.step().work() instanceof Work.OnAgent work
                && !farm.roster().isAble(work, job.spec().farm().labels());
    }

    private static int openNeeds(Job job, StepRow row) {
        int open = 0;
        for (StepId need : row.step().needs().keySet()) if (!job.row(need).state().ended()) open++;
        return open;
    }
}
