package rookery.coordinator.farm;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.pcollections.PSortedMap;
import org.pcollections.PSortedSet;
import org.pcollections.TreePMap;
import rookery.coordinator.plan.Step;
import rookery.coordinator.plan.Step.Edge;
import rookery.model.AgentId;
import rookery.model.JobId;
import rookery.model.LeaseId;
import rookery.model.Limits;
import rookery.model.StepId;
import rookery.model.Work;
import rookery.oci.Digest;

/// A farm that is being changed. Every change of a step goes through [#put], which keeps the
/// indexes true and notes what must be saved. It decides nothing.
class Draft {
    final Rules rules;
    final Instant now;
    PSortedMap<JobId, Job> jobs;
    PSortedMap<String, JobId> requests;
    PSortedSet<Farm.Ended> ended;
    PSortedMap<AgentId, Agent> agents;
    long nextLease;
    PSortedSet<StepRef> held;
    PSortedSet<Urgency> ready;
    PSortedMap<Digest, StepRef> busy;
    final SortedSet<StepRef> touched = new TreeSet<>();
    final SortedSet<JobId> touchedJobs = new TreeSet<>();
    final SortedSet<AgentId> touchedAgents = new TreeSet<>();
    Durations durations;
    final SortedSet<Durations.Key> touchedDurations = new TreeSet<>();

    Draft(Farm farm, Instant now) {
        this.rules = farm.rules();
        this.now = now;
        this.jobs = farm.jobs();
        this.requests = farm.requests();
        this.ended = farm.ended();
        this.agents = farm.agents();
        this.nextLease = farm.nextLease();
        this.held = farm.held();
        this.ready = farm.ready();
        this.busy = farm.busy();
        this.durations = farm.durations();
    }

    Farm farm() {
        return new Farm(
                rules, jobs, requests, ended, agents, nextLease, held, ready, busy, durations);
    }

    Changes changes() {
        SortedMap<JobId, Job> newJobs = new TreeMap<>();
        touchedJobs.forEach(id -> newJobs.put(id, job(id)));
        SortedMap<StepRef, Changes.Row> rows = new TreeMap<>();
        for (StepRef ref : touched) {
            Job job = job(ref.job());
            rows.put(ref, new Changes.Row(job.spec().farm().trustDomain(), job.row(ref.step())));
        }
        SortedMap<AgentId, Conduct> conducts = new TreeMap<>();
        for (AgentId id : touchedAgents) {
            Agent agent = agents.get(id);
            conducts.put(id, agent == null ? Conduct.GOOD : agent.conduct());
        }
        SortedMap<Durations.Key, Optional<Durations.Row>> lessons = new TreeMap<>();
        touchedDurations.forEach(key -> lessons.put(key, durations.row(key)));
        return new Changes(newJobs, rows, conducts, lessons, nextLease);
    }

    Optional<StepRow> current(StepRef ref) {
        return Optional.ofNullable(jobs.get(ref.job())).map(j -> j.steps().get(ref.step()));
    }

    Job job(JobId id) {
        Job job = jobs.get(id);
        if (job == null) throw new IllegalStateException("no job " + id);
        return job;
    }

    void put(StepRef ref, StepRow row, boolean save) {
        Job job = job(ref.job());
        StepRow old = job.row(ref.step());
        if (old.state().ended())
            throw new IllegalStateException(ref + " has ended and cannot become " + row.state());
        unindex(ref, old);
        jobs = jobs.plus(ref.job(), withRow(job, row));
        index(ref, row);
        if (save) touched.add(ref);
    }

    static Job withRow(Job job, StepRow row) {
        boolean was = job.row(row.id()).state().ended();
        return job.with(
                job.steps().plus(row.id(), row),
                job.open() - (row.state().ended() && !was ? 1 : 0));
    }

    void unindex(StepRef ref, StepRow old) {
        switch (old.state()) {
            case StepState.Leased(LeaseId lease, AgentId id, _, Digest key) -> {
                Agent agent = agents.get(id);
                if (agent != null)
                    agents = agents.plus(id, agent.with(agent.leases().minus(lease)));
                busy = busy.minus(key);
            }
            case StepState.Running(_, Digest key) -> busy = busy.minus(key);
            case StepState.Ready _ -> ready = ready.minus(urgency(ref, old));
            case StepState.Waiting _ -> held = held.minus(ref);
            case StepState.Recalling _,
                    StepState.Growing _,
                    StepState.Done _,
                    StepState.Failed _,
                    StepState.Cancelled _ -> {}
        }
    }

    void index(StepRef ref, StepRow row) {
        switch (row.state()) {
            case StepState.Leased(LeaseId lease, AgentId id, long incarnation, Digest key) -> {
                Agent agent = agents.get(id);
                if (agent == null)
                    throw new IllegalStateException(
                            "a lease for "
                                    + id
                                    + " (incarnation "
                                    + incarnation
                                    + "), which nobody knows");
                agents =
                        agents.plus(
                                id,
                                agent.with(
                                        agent.leases()
                                                .plus(lease, new Agent.Lent(ref, isLight(row)))));
                busy = busy.plus(key, ref);
            }
            case StepState.Running(_, Digest key) -> busy = busy.plus(key, ref);
            case StepState.Ready _ -> ready = ready.plus(urgency(ref, row));
            case StepState.Waiting _ -> {
                Job job = job(ref.job());
                if (job.mayRun(row) && job.needsEnded(ref.step())) held = held.plus(ref);
            }
            case StepState.Recalling _,
                    StepState.Growing _,
                    StepState.Done _,
                    StepState.Failed _,
                    StepState.Cancelled _ -> {}
        }
    }

    static boolean isLight(StepRow row) {
        return row.step().work() instanceof Work.OnAgent work && Scheduler.isLight(work);
    }

    Urgency urgency(StepRef ref, StepRow row) {
        return new Urgency(job(ref.job()).spec().farm().priority(), row.rank(), ref);
    }

    /// Gives a job exactly these steps, keeping the rows of those it has, with ranks and dependents
    /// as they follow.
    void weave(Job job, SortedMap<StepId, Step> all) {
        SortedMap<StepId, Long> ranks = Ranks.of(all, durations);
        PSortedMap<StepId, StepRow> rows = job.steps();
        PSortedMap<StepId, PSortedMap<StepId, Edge>> dependents = TreePMap.empty();
        int open = 0;
        for (Step step : all.values()) {
            StepRow row = rows.get(step.id());
            long rank = ranks.getOrDefault(step.id(), 0L);
            StepRow next = row == null ? StepRow.fresh(step, rank) : row.planned(step, rank);
            rows = rows.plus(step.id(), next);
            if (!next.state().ended()) open++;
            for (Map.Entry<StepId, Edge> need : step.needs().entrySet()) {
                dependents =
                        dependents.plus(
                                need.getKey(),
                                dependents
                                        .getOrDefault(need.getKey(), TreePMap.empty())
                                        .plus(step.id(), need.getValue()));
            }
        }
        jobs = jobs.plus(job.id(), job.with(rows, dependents, open));
    }

    /// A job that has ended is kept for a while, so that whoever watches it sees its end.
    void noteEnd(Job job) {
        ended = ended.plus(new Farm.Ended(job.endedAt().orElse(now), job.id()));
    }

    /// Lets go of the oldest ended jobs.
    void forget() {
        while (ended.size() > Limits.JOBS_KEPT) {
            Farm.Ended oldest = ended.first();
            Job job = job(oldest.job());
            ended = ended.minus(oldest);
            jobs = jobs.minus(job.id());
            requests = requests.minus(job.requestId());
        }
    }

    static Farm restore(Farm farm, AgentId id, Conduct saved, Instant now) {
        var draft = new Draft(farm, now);
        Agent agent = draft.agents.get(id);
        if (agent == null) agent = Agent.remembered(id, 0, now).gone(now);
        draft.agents = draft.agents.plus(id, agent.with(saved));
        return draft.farm();
    }

    static Farm restore(Farm farm, Job saved, Instant now) {
        var draft = new Draft(farm, now);
        SortedMap<StepId, Step> all = new TreeMap<>();
        saved.steps().values().forEach(r -> all.put(r.id(), r.step()));
        draft.requests = draft.requests.plus(saved.requestId(), saved.id());
        draft.weave(saved, all);
        if (!saved.running()) {
            draft.noteEnd(draft.job(saved.id()));
            return draft.farm();
        }
        for (StepRow row : draft.job(saved.id()).steps().values()) {
            if (row.state() instanceof StepState.Leased leased
                    && !draft.agents.containsKey(leased.agent())) {
                draft.agents =
                        draft.agents.plus(
                                leased.agent(),
                                Agent.remembered(leased.agent(), leased.incarnation(), now));
            }
            draft.index(new StepRef(saved.id(), row.id()), row);
        }
        return draft.farm();
    }
}
