package rookery.coordinator.farm;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.pcollections.PSortedSet;
import org.pcollections.TreePSet;
import rookery.coordinator.plan.Step.Edge;
import rookery.model.AgentFacts;
import rookery.model.JobId;
import rookery.model.StepId;
import rookery.model.Work;
import rookery.oci.Digest;

/// Why a step is not being done, in one sentence without its subject ("needs zlib, which is at work
/// on a1"). What it costs does not grow with the farm's steps.
public final class Why {
    /// Steps in front of one that are counted; beyond that nobody cares how many exactly.
    private static final int COUNTED = 1_000;

    /// Agents and keys that one sentence looks at, and agents that it names.
    private static final int LOOKED_AT = 10_000;

    private static final int NAMED = 3;

    private final Farm farm;
    private final Job job;
    private final StepRow row;
    private final StepRef ref;

    private Why(Farm farm, Job job, StepRow row) {
        this.farm = farm;
        this.job = job;
        this.row = row;
        this.ref = new StepRef(job.id(), row.id());
    }

    /// What a step waits for, or what it is at.
    ///
    /// @throws IllegalArgumentException when the farm has no such job in memory, or the job no such
    ///   step
    public static String of(Farm farm, JobId id, StepId step) {
        Job job =
                farm.find(id)
                        .orElseThrow(() -> new IllegalArgumentException("there is no job " + id));
        StepRow row = job.steps().get(step);
        if (row == null)
            throw new IllegalArgumentException("the job " + id + " has no step " + step);
        return new Why(farm, job, row).sentence();
    }

    private String sentence() {
        return switch (row.state()) {
            case StepState.Waiting(Instant notBefore) -> waiting(notBefore);
            case StepState.Recalling _ -> "is looked up among the results that are known";
            case StepState.Ready _ -> ready();
            case StepState.Leased leased -> "is at work on " + holder(leased);
            case StepState.Running _ -> "is at work in the coordinator";
            case StepState.Growing _ -> "has its graph, by which the plan grows now";
            case StepState.Done _ -> "is done";
            case StepState.Failed(var failure) -> "failed: " + failure.message();
            case StepState.Cancelled(String why) -> "was cancelled: " + why;
        };
    }

    private String holder(StepState.Leased leased) {
        Agent agent = farm.agents().get(leased.agent());
        if (agent != null && agent.goneSince().isPresent())
            return leased.agent() + ", which went away " + time(agent.goneSince().get());
        return row.phase().isEmpty()
                ? leased.agent().toString()
                : leased.agent() + " (" + row.phase() + ")";
    }

    // ---- waiting

    private String waiting(Instant notBefore) {
        if (!job.mayRun(row)) return "is not done at all: the job ends with its plan";
        Optional<String> need = need();
        if (need.isPresent()) return need.get();
        if (notBefore.isAfter(farm.at())) {
            Optional<StepRef> twin = twin();
            if (twin.isPresent()) return "is the same as " + twin.get() + ", which is being made";
            return "is tried again " + time(notBefore) + tried();
        }
        if (row.step().work() instanceof Work.OnAgent work && !farm.roster().isAble(work, labels()))
            return lacking(work);
        return "is looked at next" + tried();
    }

    private Optional<String> need() {
        List<StepId> open =
                row.step().needs().keySet().stream()
                        .filter(n -> !job.row(n).state().ended())
                        .toList();
        if (open.isEmpty()) return Optional.empty();
        // The one that is furthest says most.
        StepId first =
                open.stream()
                        .filter(n -> !(job.row(n).state() instanceof StepState.Waiting))
                        .findFirst()
                        .orElse(open.getFirst());
        String more = open.size() == 1 ? "" : " (and " + (open.size() - 1) + " more)";
        String edge =
                row.step().needs().get(first) == Edge.SOFT ? "waits for the end of " : "needs ";
        return Optional.of(edge + first + more + ", which " + briefly(job.row(first)));
    }

    private String briefly(StepRow other) {
        return switch (other.state()) {
            case StepState.Leased leased -> "is at work on " + leased.agent();
            case StepState.Running _, StepState.Growing _ -> "is at work in the coordinator";
            case StepState.Recalling _, StepState.Ready _ -> "waits for its turn";
            case StepState.Waiting _ -> "waits itself";
            case StepState.Done _, StepState.Failed _, StepState.Cancelled _ -> "has ended";
        };
    }

    private Optional<StepRef> twin() {
        int looked = 0;
        for (var waiting : farm.twins().entrySet()) {
            if (looked++ == LOOKED_AT) break;
            Digest key = waiting.getKey();
            if (waiting.getValue().contains(ref)) return Optional.ofNullable(farm.busy().get(key));
        }
        return Optional.empty();
    }

    private String tried() {
        return row.lastFailure()
                .map(f -> " (attempt " + (row.tries() + 1) + "), because " + f.message())
                .orElse("");
    }

    /// The nearest agent is the one that lacks least.
    private String lacking(Work.OnAgent work) {
        Optional<AgentFacts> nearest =
                farm.roster().kinds().stream()
                        .min(
                                Comparator.comparingInt(
                                        f -> Scheduler.lacking(f, work, labels()).size()));
        if (nearest.isEmpty()) return "waits for an agent: none is connected";
        String lacks = String.join(" and ", Scheduler.lacking(nearest.get(), work, labels()));
        String name =
                farm.agents().values().stream()
                        .limit(LOOKED_AT)
                        .filter(a ->
                                a.goneSince().isEmpty() && Roster.isKind(a.facts(), nearest.get()))
                        .findFirst()
                        .map(a -> a.id().toString())
                        .orElse("every agent");
        return "waits for an agent that can do it; the nearest, " + name + ", lacks " + lacks;
    }

    private SortedSet<String> labels() {
        return job.spec().farm().labels();
    }

    // ---- ready

    private String ready() {
        if (!(row.step().work() instanceof Work.OnAgent work))
            return "waits for the coordinator to take it";
        var free = new ArrayList<Agent>();
        var closed = new ArrayList<String>();
        var shunned = new ArrayList<String>();
        int looked = 0;
        for (Agent agent : farm.agents().values()) {
            if (looked++ == LOOKED_AT) break;
            if (agent.goneSince().isPresent()
                    || !Scheduler.lacking(agent.facts(), work, labels()).isEmpty()) continue;
            if (row.avoid().contains(agent.id())) shunned.add(agent.id().toString());
            else if (agent.welcomesWork()) free.add(agent);
            else closed.add(agent.id() + " (" + standing(agent) + ")");
        }
        if (!free.isEmpty()) return "waits for a free slot" + ahead();
        if (!closed.isEmpty())
            return "waits because those that can do it take nothing: " + named(closed);
        if (!shunned.isEmpty()) return "waits for another agent than " + named(shunned) + tried();
        return lacking(work);
    }

    private static String standing(Agent agent) {
        if (agent.draining()) return "it is about to leave";
        Conduct conduct = agent.conduct();
        return switch (conduct.standing()) {
            case OPEN -> "open";
            case CORDONED -> "cordoned";
            case DRAINING -> "drained";
            case QUARANTINED ->
                    (conduct.trial() ? "on probation, " : "in quarantine, ") + conduct.why();
        };
    }

    private static String named(List<String> all) {
        String some = String.join(", ", all.subList(0, Math.min(NAMED, all.size())));
        return all.size() <= NAMED ? some : some + " and " + (all.size() - NAMED) + " more";
    }

    private String ahead() {
        Ready.Place place = farm.ready().places().get(ref);
        if (place == null) return "";
        PSortedSet<Urgency> lane =
                farm.ready().lanes().getOrDefault(place.lane(), TreePSet.empty());
        int before = 0;
        for (Urgency urgency : lane) {
            if (urgency.equals(place.urgency())) break;
            if (++before == COUNTED) return "; more than " + COUNTED + " steps are before it";
        }
        return switch (before) {
            case 0 -> "; it is the next of its kind";
            case 1 -> "; one step is before it";
            default -> "; " + before + " steps are before it";
        };
    }

    private static String time(Instant at) {
        return "at " + at.truncatedTo(ChronoUnit.SECONDS);
    }
}
