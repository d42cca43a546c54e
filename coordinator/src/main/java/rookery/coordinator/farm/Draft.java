package rookery.coordinator.farm;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.pcollections.PSortedMap;
import org.pcollections.PSortedSet;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;
import rookery.coordinator.plan.Step;
import rookery.coordinator.plan.Step.Edge;
import rookery.model.AgentId;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.LeaseId;
import rookery.model.StepId;
import rookery.model.Work;
import rookery.oci.Digest;

/// A farm that is being changed. Every change of a step goes through [#put], which keeps the
/// indexes true and notes what must be saved. It decides nothing.
class Draft {
    final Rules rules;
    final Instant now;
    PSortedMap<JobId, Job> jobs;
    PSortedMap<AgentId, Agent> agents;
    long nextLease;
    PSortedSet<StepRef> held;
    PSortedMap<Digest, StepRef> busy;
    Ready ready;
    Fleet fleet;
    Shares shares;
    Holdings holdings;
    Durations durations;
    PSortedSet<StepRef> touched = TreePSet.empty();
    PSortedSet<JobId> touchedJobs = TreePSet.empty();
    PSortedSet<Durations.Key> touchedDurations = TreePSet.empty();

    Draft(Farm farm, Instant now) {
        this.rules = farm.rules();
        this.now = now;
        this.jobs = farm.jobs();
        this.agents = farm.agents();
        this.nextLease = farm.nextLease();
        this.held = farm.held();
        this.busy = farm.busy();
        this.ready = farm.lending().ready();
        this.fleet = farm.lending().fleet();
        this.shares = farm.lending().shares();
        this.holdings = farm.lending().holdings();
        this.durations = farm.lending().durations();
    }

    Farm farm() {
        var lending = new Lending(ready, fleet, shares, holdings, durations, now);
        return new Farm(rules, jobs, agents, nextLease, held, busy, lending);
    }

    /// Every change of an agent goes through here, so that placement sees it.
    void keep(Agent agent) {
        agents = agents.plus(agent.id(), agent);
        long pace = durations.pace(agent.id());
        int step =
                fleet.pace(agent.id())
                        .map(held -> Pace.step(pace, held))
                        .orElseGet(() -> Pace.nearest(pace));
        fleet = fleet.with(agent.id(), agent.facts(), agent.open(), step);
    }

    void forget(AgentId agent) {
        agents = agents.minus(agent);
        fleet = fleet.without(agent);
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
        if (save) touched = touched.plus(ref);
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
                if (agent != null) {
                    keep(agent.with(agent.leases().minus(lease)));
                    fleet = fleet.returned(id, lease);
                }
                busy = busy.minus(key);
            }
            case StepState.Running(_, Digest key) -> busy = busy.minus(key);
            case StepState.Ready _ -> ready = ready.minus(ref);
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
                keep(agent.with(agent.leases().plus(lease, new Agent.Lent(ref, isLight(row)))));
                fleet = fleet.lent(id, lease, use(ref, row, agent));
                busy = busy.plus(key, ref);
            }
            case StepState.Running(_, Digest key) -> busy = busy.plus(key, ref);
            case StepState.Ready _ -> ready = queued(ref, row);
            case StepState.Waiting _ -> {
                if (job(ref.job()).needsEnded(ref.step())) held = held.plus(ref);
            }
            case StepState.Recalling _,
                    StepState.Growing _,
                    StepState.Done _,
                    StepState.Failed _,
                    StepState.Cancelled _ -> {}
        }
    }

    static boolean isLight(StepRow row) {
        return row.step().work() instanceof Work.OnAgent work && Demand.isLight(work);
    }

    private Ready queued(StepRef ref, StepRow row) {
        return switch (row.step().work()) {
            case Work.InCoordinator _ -> ready.plusOwn(ref);
            case Work.OnAgent work -> {
                JobSpec.FarmOptions options = job(ref.job()).spec().farm();
                var lane = new Lane(options.priority(), options.project(), demand(ref, row, work));
                yield ready.plus(ref, lane, row.rank());
            }
        };
    }

    Demand demand(StepRef ref, StepRow row, Work.OnAgent work) {
        return Demand.of(
                work,
                job(ref.job()).spec().farm().labels(),
                row.avoid(),
                durations.quote(work).peakBytes());
    }

    /// What a step takes of the agent that it is lent to, as far as anybody knows.
    private Seat.Use use(StepRef ref, StepRow row, Agent agent) {
        if (!(row.step().work() instanceof Work.OnAgent work))
            throw new IllegalStateException(ref + " was lent, but is the coordinator's own");
        boolean light = Demand.isLight(work);
        Instant since = row.startedAt().orElse(now);
        Durations.Quote quote = durations.quote(work);
        long millis = quote.millis(AgentClass.of(agent.facts(), work));
        Optional<Seat> seat = fleet.seat(agent.id());
        return new Seat.Use(
                light,
                since,
                since.plusMillis(millis * durations.pace(agent.id()) / Durations.USUAL),
                light ? 0 : demand(ref, row, work).memoryBytes(),
                light ? 0 : seat.map(s -> s.grant(ready.places().size() + 1)).orElse(1));
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

    static Farm restore(Farm farm, Job saved, Instant now) {
        var draft = new Draft(farm, now);
        SortedMap<StepId, Step> all = new TreeMap<>();
        saved.steps().values().forEach(r -> all.put(r.id(), r.step()));
        draft.weave(saved, all);
        if (!saved.running()) return draft.farm();
        for (StepRow row : draft.job(saved.id()).steps().values()) {
            if (row.state() instanceof StepState.Leased leased
                    && !draft.agents.containsKey(leased.agent())) {
                draft.keep(Agent.remembered(leased.agent(), leased.incarnation(), now));
            }
            draft.index(new StepRef(saved.id(), row.id()), row);
        }
        return draft.farm();
    }
}
