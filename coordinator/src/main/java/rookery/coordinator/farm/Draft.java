package rookery.coordinator.farm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.pcollections.PSortedMap;
import org.pcollections.PSortedSet;
import org.pcollections.TreePSet;
import rookery.model.AgentId;
import rookery.model.JobId;
import rookery.model.JobSpec;
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
    Roster roster;
    PSortedSet<Due> due;
    PSortedMap<String, PSortedSet<StepRef>> unable;
    PSortedMap<Digest, PSortedSet<StepRef>> twins;
    PSortedMap<Digest, StepRef> busy;
    Ready ready;
    Soon soon;
    Fleet fleet;
    Shares shares;
    Holdings holdings;
    Durations durations;
    final List<Changes.Planned> plans = new ArrayList<>();
    final SortedSet<StepRef> touched = new TreeSet<>();
    final SortedSet<JobId> touchedJobs = new TreeSet<>();
    final SortedSet<AgentId> touchedAgents = new TreeSet<>();

    /// Names of results that the gate refused in this turn.
    final SortedSet<Digest> refused = new TreeSet<>();

    final SortedSet<Durations.Key> touchedDurations = new TreeSet<>();
    final SortedSet<AgentId> stirred = new TreeSet<>();

    /// Keys that somebody stopped being at in this turn.
    final SortedSet<Digest> freed = new TreeSet<>();

    /// Whether kinds of agents came or went in this turn.
    boolean rosterChanged;

    /// Whether steps that had their place in the queue became ready in this turn.
    boolean readied;

    Draft(Farm farm, Instant now) {
        this.rules = farm.rules();
        this.now = now;
        this.jobs = farm.jobs();
        this.requests = farm.requests();
        this.ended = farm.ended();
        this.agents = farm.agents();
        this.nextLease = farm.nextLease();
        this.roster = farm.roster();
        this.due = farm.due();
        this.unable = farm.unable();
        this.twins = farm.twins();
        this.busy = farm.busy();
        this.ready = farm.lending().ready();
        this.soon = farm.lending().soon();
        this.fleet = farm.lending().fleet();
        this.shares = farm.lending().shares();
        this.holdings = farm.lending().holdings();
        this.durations = farm.lending().durations();
    }

    Farm farm() {
        var lending = new Lending(ready, soon, fleet, shares, holdings, durations, now);
        return new Farm(
                rules, jobs, requests, ended, agents, nextLease, roster, due, unable, twins, busy,
                lending);
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
        return new Changes(
                newJobs, List.copyOf(plans), rows, conducts, lessons, refused, nextLease);
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
        boolean stays =
                old.state() instanceof StepState.Recalling
                        && row.state() instanceof StepState.Ready
                        && ready.has(ref);
        if (!stays) unindex(ref, old);
        jobs = jobs.plus(ref.job(), withRow(job, row));
        if (!stays) index(ref, row);
        readied |= stays;
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
                if (agent != null) {
                    fleet = fleet.returned(id, lease);
                    putAgent(agent.with(agent.leases().minus(lease)));
                }
                free(key);
                for (StepId after : dependents(ref))
                    soon = soon.minus(new StepRef(ref.job(), after));
            }
            case StepState.Running(_, Digest key) -> free(key);
            case StepState.Growing(_, Optional<StepState.Origin> origin) ->
                    origin.ifPresent(o -> free(o.key()));
            case StepState.Ready _, StepState.Recalling _ -> ready = ready.minus(ref);
            case StepState.Waiting(Instant notBefore) -> {
                due = due.minus(new Due(notBefore, ref));
                soon = soon.minus(ref);
                able(ref, old);
            }
            case StepState.Done _, StepState.Failed _, StepState.Cancelled _ -> {}
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
                fleet = fleet.lent(id, lease, use(ref, row, agent));
                putAgent(agent.with(agent.leases().plus(lease, new Agent.Lent(ref, isLight(row)))));
                busy = busy.plus(key, ref);
                foreseeAfter(ref);
            }
            case StepState.Running(_, Digest key) -> busy = busy.plus(key, ref);
            // Until its plan has grown the result is not saved, so nobody could recall it.
            case StepState.Growing(_, Optional<StepState.Origin> origin) ->
                    origin.ifPresent(o -> busy = busy.plus(o.key(), ref));
            case StepState.Ready _ -> ready = queued(ref, row);
            // Most likely it is ready in a moment, and an agent that is free now may be its best.
            case StepState.Recalling _ -> {
                if (row.step().work() instanceof Work.OnAgent work && !Demand.isLight(work))
                    ready = queued(ref, row);
            }
            case StepState.Waiting _ -> await(ref, row);
            case StepState.Done _, StepState.Failed _, StepState.Cancelled _ -> {}
        }
    }

    private void free(Digest key) {
        busy = busy.minus(key);
        freed.add(key);
    }

    /// A waiting step whose needs have ended is looked at when its time comes.
    void await(StepRef ref, StepRow row) {
        Job job = job(ref.job());
        if (!(row.state() instanceof StepState.Waiting(Instant notBefore)) || !job.mayRun(row))
            return;
        if (job.needsEnded(ref.step())) due = due.plus(new Due(notBefore, ref));
        soon = soon.minus(ref);
        if (job.pending().getOrDefault(ref.step(), 0) == 1) foresee(job, ref, row);
    }

    /// A heavy step that waits for one last step, while that one is at work. Before that nobody can
    /// say when it will be ready, and in a long chain that is nearly every step.
    private void foresee(Job job, StepRef ref, StepRow row) {
        if (!(row.step().work() instanceof Work.OnAgent work) || Demand.isLight(work)) return;
        for (StepId need : row.step().needs().keySet()) {
            StepState state = job.row(need).state();
            if (state.ended()) continue;
            if (state instanceof StepState.Leased)
                soon = soon.plus(ref, need, lane(ref, row, work), row.rank());
            return;
        }
    }

    /// What waits for a step that was lent, and for nothing else.
    private void foreseeAfter(StepRef ref) {
        Job job = job(ref.job());
        for (StepId after : dependents(ref)) {
            if (job.pending().getOrDefault(after, 0) != 1) continue;
            StepRow row = job.row(after);
            if (row.state() instanceof StepState.Waiting && job.mayRun(row))
                foresee(job, new StepRef(ref.job(), after), row);
        }
    }

    private List<StepId> dependents(StepRef ref) {
        return job(ref.job()).dependents().getOrDefault(ref.step(), List.of());
    }

    /// Puts a step where it is found when agents of another kind come.
    void unable(StepRef ref, StepRow row, String asked) {
        if (row.state() instanceof StepState.Waiting(Instant notBefore))
            due = due.minus(new Due(notBefore, ref));
        unable = unable.plus(asked, unable.getOrDefault(asked, TreePSet.empty()).plus(ref));
    }

    private void able(StepRef ref, StepRow row) {
        if (unable.isEmpty() || !(row.step().work() instanceof Work.OnAgent work)) return;
        String asked = Roster.asked(work, job(ref.job()).spec().farm().labels());
        PSortedSet<StepRef> others = unable.get(asked);
        if (others == null || !others.contains(ref)) return;
        PSortedSet<StepRef> left = others.minus(ref);
        unable = left.isEmpty() ? unable.minus(asked) : unable.plus(asked, left);
    }

    void putAgent(Agent agent) {
        Agent old = agents.get(agent.id());
        rosterChanged |=
                old == null
                        || old.goneSince().isEmpty() != agent.goneSince().isEmpty()
                        || (!old.facts().equals(agent.facts())
                                && !Roster.same(old.facts(), agent.facts()));
        agents = agents.plus(agent.id(), agent);
        int pace = fleet.pace(agent.id()).orElseGet(() -> Pace.nearest(durations.pace(agent.id())));
        fleet = fleet.with(agent.id(), agent.facts(), agent.open(), pace);
        stirred.add(agent.id());
    }

    /// Shows placement how fast an agent is known to be now.
    void pace(Agent agent) {
        long pace = durations.pace(agent.id());
        int step =
                fleet.pace(agent.id())
                        .map(held -> Pace.step(pace, held))
                        .orElseGet(() -> Pace.nearest(pace));
        fleet = fleet.with(agent.id(), agent.facts(), agent.open(), step);
    }

    void dropAgent(AgentId id) {
        agents = agents.minus(id);
        fleet = fleet.without(id);
        rosterChanged = true;
        stirred.add(id);
    }

    static boolean isLight(StepRow row) {
        return row.step().work() instanceof Work.OnAgent work && Demand.isLight(work);
    }

    private Ready queued(StepRef ref, StepRow row) {
        return switch (row.step().work()) {
            case Work.InCoordinator _ -> ready.plusOwn(ref);
            case Work.OnAgent work -> ready.plus(ref, lane(ref, row, work), row.rank());
        };
    }

    private Lane lane(StepRef ref, StepRow row, Work.OnAgent work) {
        JobSpec.FarmOptions options = job(ref.job()).spec().farm();
        return new Lane(options.priority(), options.project(), demand(ref, row, work));
    }

    private Demand demand(StepRef ref, StepRow row, Work.OnAgent work) {
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
        long millis = durations.quote(work).millis(AgentClass.of(agent.facts(), work));
        return new Seat.Use(
                light,
                since,
                since.plusMillis(millis * durations.pace(agent.id()) / Durations.USUAL),
                light ? 0 : demand(ref, row, work).memoryBytes(),
                light ? 0 : fleet.seat(agent.id()).map(s -> s.grant(ready.size() + 1)).orElse(1));
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
        draft.putAgent(agent.with(saved));
        return draft.farm();
    }

    static Farm restore(Farm farm, Job saved, Instant now) {
        var draft = new Draft(farm, now);
        draft.requests = draft.requests.plus(saved.requestId(), saved.id());
        draft.jobs = draft.jobs.plus(saved.id(), saved);
        if (!saved.running()) {
            draft.noteEnd(draft.job(saved.id()));
            return draft.farm();
        }
        for (StepRow row : draft.job(saved.id()).steps().values()) {
            if (row.state() instanceof StepState.Leased leased
                    && !draft.agents.containsKey(leased.agent())) {
                draft.putAgent(Agent.remembered(leased.agent(), leased.incarnation(), now));
            }
            draft.index(new StepRef(saved.id(), row.id()), row);
        }
        return draft.farm();
    }
}
