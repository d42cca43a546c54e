package rookery.sim;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.pcollections.TreePMap;
import rookery.coordinator.farm.Changes;
import rookery.coordinator.farm.Conduct;
import rookery.coordinator.farm.Durations;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepRef;
import rookery.coordinator.farm.StepRow;
import rookery.coordinator.farm.StepState;
import rookery.model.AgentId;
import rookery.model.JobId;
import rookery.model.Outcome;
import rookery.oci.Digest;

/// The coordinator's database: keeps exactly the rows that were saved, as the real store does.
final class Disk {
    private final Map<JobId, Job> jobs = new TreeMap<>();
    private final Map<Digest, Outcome.Made> results = new TreeMap<>();
    private final Map<AgentId, Conduct> conducts = new TreeMap<>();
    private final Map<Durations.Key, Durations.Row> durations = new TreeMap<>();
    private long nextLease = 1;

    void save(Changes changes) {
        changes.jobs()
                .forEach((id, job) -> {
                    Job old = jobs.get(id);
                    jobs.put(id, job.with(old == null ? TreePMap.empty() : old.steps()));
                });
        changes.steps()
                .forEach((ref, changed) -> {
                    Job owner = jobs.get(ref.job());
                    if (owner == null)
                        throw new Violation("the step %s is saved before its job", ref);
                    StepRow row = asSaved(changed.row());
                    jobs.put(ref.job(), owner.with(owner.steps().plus(ref.step(), row)));
                });
        changes.steps().values().forEach(changed -> keep(changed.row()));
        results.keySet().removeAll(changes.refused());
        conducts.putAll(changes.agents());
        changes.durations()
                .forEach((key, row) -> {
                    if (row.isPresent()) durations.put(key, row.get());
                    else durations.remove(key);
                });
        nextLease = changes.nextLease();
    }

    private void keep(StepRow row) {
        if (row.state() instanceof StepState.Done(var made, var origin))
            origin.ifPresent(o -> results.put(o.key(), made));
    }

    Farm load(Farm empty, Instant now) {
        Farm farm = empty.knowing(Durations.NONE.with(durations.values()));
        for (Job job : jobs.values()) if (job.running()) farm = Farm.restore(farm, job, now);
        for (var conduct : conducts.entrySet())
            farm = Farm.restore(farm, conduct.getKey(), conduct.getValue(), now);
        return farm;
    }

    long nextLease() {
        return nextLease;
    }

    Optional<Outcome.Made> recall(List<Digest> keys) {
        return keys.stream().filter(results::containsKey).findFirst().map(results::get);
    }

    Optional<Job> job(JobId id) {
        return Optional.ofNullable(jobs.get(id));
    }

    Optional<Job> jobOf(String requestId) {
        return jobs.values().stream().filter(j -> j.requestId().equals(requestId)).findFirst();
    }

    /// One request is one job.
    void checkRequests() {
        long requests = jobs.values().stream().map(Job::requestId).distinct().count();
        if (requests != jobs.size())
            throw new Violation("%d requests became %d jobs", requests, jobs.size());
    }

    Optional<StepState> state(StepRef ref) {
        return job(ref.job()).map(j -> j.steps().get(ref.step())).map(StepRow::state);
    }

    /// Being looked up and being ready are no columns of the store; nor are phases and ranks.
    private static StepRow asSaved(StepRow row) {
        StepState state =
                row.state() instanceof StepState.Recalling || row.state() instanceof StepState.Ready
                        ? new StepState.Waiting(Instant.EPOCH)
                        : row.state();
        return new StepRow(
                row.step(),
                state,
                row.attempts(),
                row.forgiven(),
                row.agentsLost(),
                row.avoid(),
                row.lastFailure(),
                row.startedAt(),
                row.endedAt(),
                "",
                0);
    }
}
