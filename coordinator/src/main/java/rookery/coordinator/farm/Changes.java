package rookery.coordinator.farm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import rookery.coordinator.plan.Step;
import rookery.model.AgentId;
import rookery.model.JobId;
import rookery.oci.Digest;

/// What must be saved before anything is said about it. It holds the rows themselves, because a job
/// may leave memory in the same batch in which it changed.
///
/// @param jobs whose own rows changed
/// @param plans what was planned, in order; a step that is planned again takes its old one's place
/// @param agents whose standing changed
/// @param durations what was learned; empty where it is forgotten
/// @param refused names of results that the gate refused: nobody may recall them any more
public record Changes(
        SortedMap<JobId, Job> jobs,
        List<Planned> plans,
        SortedMap<StepRef, Row> steps,
        SortedMap<AgentId, Conduct> agents,
        SortedMap<Durations.Key, Optional<Durations.Row>> durations,
        SortedSet<Digest> refused,
        long nextLease) {

    /// Steps that a job planned at once.
    public record Planned(Job job, List<Step> steps) {}

    /// A step's row, with whose results it may share.
    public record Row(String trustDomain, StepRow row) {}

    public boolean isEmpty() {
        return jobs.isEmpty()
                && steps.isEmpty()
                && agents.isEmpty()
                && durations.isEmpty()
                && refused.isEmpty();
    }

    /// All of them as one: of what changed more than once the last stays.
    ///
    /// @param nextLease as it is after them
    public static Changes of(Iterable<Changes> parts, long nextLease) {
        var all =
                new Changes(
                        new TreeMap<>(),
                        new ArrayList<>(),
                        new TreeMap<>(),
                        new TreeMap<>(),
                        new TreeMap<>(),
                        new TreeSet<>(),
                        nextLease);
        for (Changes part : parts) {
            all.jobs.putAll(part.jobs);
            all.plans.addAll(part.plans);
            all.steps.putAll(part.steps);
            all.agents.putAll(part.agents);
            all.durations.putAll(part.durations);
            all.refused.addAll(part.refused);
        }
        return all;
    }
}
