package rookery.coordinator.farm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import org.pcollections.PSortedMap;
import org.pcollections.PSortedSet;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;
import rookery.coordinator.plan.Step;
import rookery.model.AgentId;
import rookery.model.JobId;
import rookery.model.LeaseId;
import rookery.model.Order;
import rookery.model.StepId;
import rookery.model.Work;
import rookery.oci.Digest;

/// The whole farm as one immutable value.
///
/// @param jobs those that run, and the newest of those that ended; older ones are in the store
/// @param requests which of these jobs a request id made
/// @param ended which of these jobs have ended, the oldest first
/// @param nextLease the number of the next lease; it only grows
/// @param roster the kinds of agents that are connected
/// @param due steps whose needs have ended, by when they are to be looked at
/// @param unable steps whose needs have ended and that no agent can do, by what they ask for
/// @param twins steps that wait until somebody has made what they would make, by its key; it may
///   name steps that no longer wait
/// @param busy keys that are being made right now, and by which step: nobody makes the same thing
///   twice at once
/// @param lending what decides who gets which step
public record Farm(
        Rules rules,
        PSortedMap<JobId, Job> jobs,
        PSortedMap<String, JobId> requests,
        PSortedSet<Ended> ended,
        PSortedMap<AgentId, Agent> agents,
        long nextLease,
        Roster roster,
        PSortedSet<Due> due,
        PSortedMap<String, PSortedSet<StepRef>> unable,
        PSortedMap<Digest, PSortedSet<StepRef>> twins,
        PSortedMap<Digest, StepRef> busy,
        Lending lending) {

    /// What [#apply] gives: nothing of it may be told to anybody before the changes are saved.
    ///
    /// @param stirred the agents whose reports or leases are other ones now
    public record Transition(
            Farm farm, List<Effect> effects, Changes changes, SortedSet<AgentId> stirred) {}

    /// A job that has ended, in the order in which jobs leave memory.
    public record Ended(Instant at, JobId job) implements Comparable<Ended> {
        private static final Comparator<Ended> ORDER =
                Comparator.comparing(Ended::at).thenComparing(Ended::job);

        @Override
        public int compareTo(Ended other) {
            return ORDER.compare(this, other);
        }
    }

    public static Farm empty(Rules rules, long nextLease) {
        return new Farm(
                rules,
                TreePMap.empty(),
                TreePMap.empty(),
                TreePSet.empty(),
                TreePMap.empty(),
                nextLease,
                Roster.NOBODY,
                TreePSet.empty(),
                TreePMap.empty(),
                TreePMap.empty(),
                TreePMap.empty(),
                Lending.NOTHING);
    }

    /// With what was learned before, as part of starting.
    public Farm knowing(Durations saved) {
        var draft = new Draft(this, at());
        draft.durations = saved;
        return draft.farm();
    }

    /// The steps that wait for somebody to take them.
    public Ready ready() {
        return lending.ready();
    }

    /// What steps are known to take.
    public Durations durations() {
        return lending.durations();
    }

    /// The time of the last event.
    public Instant at() {
        return lending.at();
    }

    /// Moves the farm forward by one event. Events about steps, leases or attempts that are no
    /// longer current change nothing.
    public static Transition apply(Farm farm, Event event) {
        return apply(farm, List.of(event));
    }

    /// Moves the farm forward by what has come at once, in order, and then lends steps once: who
    /// gets which is decided knowing all of it, and a batch costs little more than an event. What
    /// follows happens at the time of the last one; agents were seen when they were.
    ///
    /// @param events at least one; a tick stands alone, because with it ended jobs leave memory
    public static Transition apply(Farm farm, List<Event> events) {
        var turn = new Turn(farm, events.getLast().at());
        for (Event event : events) {
            switch (event) {
                case Event.Submitted e -> turn.submit(e);
                case Event.CancelAsked e ->
                        turn.cancelJob(e.job(), "it was cancelled", new Job.Status.Cancelled());
                case Event.RetryAsked e -> turn.retry(e.saved());
                case Event.Ruled e -> turn.ruled(e);
                case Event.Recalled e -> turn.recalled(e);
                case Event.InputsLost e -> turn.inputsLost(e);
                case Event.Planned e -> turn.planned(e);
                case Event.Reported e -> turn.reported(e);
                case Event.Vanished e -> turn.vanished(e);
                case Event.Ran e -> turn.ran(e);
                case Event.Ticked e -> {
                    if (events.size() > 1)
                        throw new IllegalArgumentException("a tick stands alone in its batch");
                    turn.ticked(e);
                }
            }
        }
        return turn.end();
    }

    /// What the agent should be doing now.
    public List<Order> desired(AgentId id) {
        Agent agent = agents.get(id);
        if (agent == null) return List.of();
        var orders = new ArrayList<Order>();
        for (LeaseId lease : agent.leases().keySet()) order(id, lease).ifPresent(orders::add);
        return List.copyOf(orders);
    }

    /// What the agent is to do under one of its leases: the same for as long as it has the lease,
    /// so whoever has told it need not ask again.
    public Optional<Order> order(AgentId id, LeaseId lease) {
        Agent agent = agents.get(id);
        Agent.Lent lent = agent == null ? null : agent.leases().get(lease);
        if (lent == null) return Optional.empty();
        StepRef ref = lent.ref();
        Job job = job(ref.job());
        StepRow row = job.row(ref.step());
        if (!(row.state() instanceof StepState.Leased(LeaseId current, _, _, Digest key))
                || !current.equals(lease)
                || !(row.step().work() instanceof Work.OnAgent work)) return Optional.empty();
        return Optional.of(
                new Order(
                        lease,
                        ref.job(),
                        ref.step(),
                        key,
                        job.spec().farm().trustDomain(),
                        work,
                        job.inputs(ref.step()),
                        cores(id, lease)));
    }

    private int cores(AgentId agent, LeaseId lease) {
        Seat.Use use = lending.fleet().seat(agent).map(s -> s.uses().get(lease)).orElse(null);
        return use == null ? 0 : use.cores();
    }

    /// The effects that a coordinator must start again after it was started itself.
    public List<Effect> outstanding() {
        var effects = new ArrayList<Effect>();
        for (Job job : jobs.values()) {
            if (!job.running()) continue;
            for (StepRow row : job.steps().values()) {
                var ref = new StepRef(job.id(), row.id());
                switch (row.state()) {
                    case StepState.Running(int attempt, _)
                            when row.step().work() instanceof Work.InCoordinator work ->
                            effects.add(
                                    new Effect.Execute(ref, attempt, work, job.inputs(row.id())));
                    case StepState.Growing(var made, _) ->
                            effects.add(new Effect.ReadGraph(ref, made.blob("graph")));
                    case StepState.Waiting _,
                            StepState.Recalling _,
                            StepState.Ready _,
                            StepState.Leased _,
                            StepState.Running _,
                            StepState.Done _,
                            StepState.Failed _,
                            StepState.Cancelled _ -> {}
                }
            }
        }
        return List.copyOf(effects);
    }

    /// Puts a saved job back, as part of starting: what was being recalled or had just become ready
    /// waits again, and leases have one whole lease time for their agents to come back.
    public static Farm restore(Farm farm, Job saved, Instant now) {
        return Draft.restore(farm, woven(saved, farm.durations()), now);
    }

    /// As [#restore], for a job that [#woven] gave.
    public static Farm restoreWoven(Farm farm, Job woven, Instant now) {
        return Draft.restore(farm, woven, now);
    }

    /// A job from its bare rows, with all that follows from them: the greater part of the work of
    /// putting it back, and any number of jobs can be woven at once.
    ///
    /// @param durations what steps are known to take
    public static Job woven(Job saved, Durations durations) {
        SortedMap<StepId, Step> all = new TreeMap<>();
        saved.steps().values().forEach(r -> all.put(r.id(), r.step()));
        return Weave.of(saved, all, durations);
    }

    /// Puts a saved standing back, as part of starting; the agent itself may be away for good.
    public static Farm restore(Farm farm, AgentId agent, Conduct saved, Instant now) {
        return Draft.restore(farm, agent, saved, now);
    }

    /// The job that a request made, if it is still in memory.
    public Optional<Job> ofRequest(String requestId) {
        return Optional.ofNullable(requests.get(requestId)).map(this::job);
    }

    public Optional<Job> find(JobId job) {
        return Optional.ofNullable(jobs.get(job));
    }

    /// @throws IllegalStateException when there is none
    public Job job(JobId id) {
        Job job = jobs.get(id);
        if (job == null) throw new IllegalStateException("no job " + id);
        return job;
    }
}
