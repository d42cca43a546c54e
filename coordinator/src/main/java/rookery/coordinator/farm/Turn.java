package rookery.coordinator.farm;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.pcollections.TreePMap;
import rookery.coordinator.plan.Planner;
import rookery.coordinator.plan.Step;
import rookery.coordinator.plan.Step.Edge;
import rookery.coordinator.plan.StepKey;
import rookery.model.AgentId;
import rookery.model.Doing;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.LeaseId;
import rookery.model.Limits;
import rookery.model.Outcome;
import rookery.model.StepId;
import rookery.model.Work;
import rookery.oci.Digest;

/// One turn of the farm: what follows from an event, and from what follows.
final class Turn extends Draft {
    /// How long an agent may be away before its leases are taken back: a broken connection is not a
    /// dead machine.
    private static final Duration GONE = Duration.ofSeconds(2);

    /// How often a step looks whether another one has made what it needs.
    private static final Duration TWIN = Duration.ofSeconds(1);

    private final List<Effect> effects = new ArrayList<>();

    Turn(Farm farm, Instant now) {
        super(farm, now);
    }

    Farm.Transition end() {
        release();
        assign();
        return new Farm.Transition(farm(), List.copyOf(effects), touched, touchedJobs);
    }

    // ---- events

    void submit(Event.Submitted e) {
        boolean known = jobs.values().stream().anyMatch(j -> j.requestId().equals(e.requestId()));
        if (known || jobs.containsKey(e.job())) return;
        var job =
                new Job(
                        e.job(),
                        e.requestId(),
                        e.spec(),
                        e.push(),
                        e.allowDrop(),
                        new Job.Status.Running(),
                        now,
                        Optional.empty(),
                        TreePMap.empty(),
                        TreePMap.empty(),
                        0);
        jobs = jobs.plus(e.job(), job);
        touchedJobs = touchedJobs.plus(e.job());
        plan(e.job(), Planner.initial(e.spec(), e.push(), e.allowDrop()));
    }

    void recalled(Event.Recalled e) {
        StepRow row = current(e.step()).orElse(null);
        if (row == null || !(row.state() instanceof StepState.Recalling)) return;
        if (e.known().isPresent()) {
            made(e.step(), row, e.known().get(), Optional.empty());
        } else {
            put(e.step(), row.to(new StepState.Ready()), false);
        }
    }

    void planned(Event.Planned e) {
        StepRow row = current(e.step()).orElse(null);
        if (row == null
                || !(row.state() instanceof StepState.Growing(Outcome.Made made, var origin))
                || !(row.step().work() instanceof Work.Resolve work)) return;
        String chost = work.target().chost();
        switch (e.graph()) {
            case Event.Graph.Read(var graph) -> {
                List<Step> grown;
                try {
                    grown = Planner.grow(job(e.step().job()).spec(), work.target(), graph);
                    checkSameWork(e.step().job(), grown);
                } catch (IllegalArgumentException wrong) {
                    fail(
                            e.step(),
                            row,
                            new Failure(
                                    Failure.Kind.SPEC,
                                    "the packages of "
                                            + chost
                                            + " make no plan: "
                                            + wrong.getMessage()));
                    return;
                }
                // Ended before the plan grows: what grows may end the job at once, this step with
                // it.
                put(e.step(), row.ended(new StepState.Done(made, origin), now), true);
                plan(e.step().job(), grown);
                stepEnded(e.step());
            }
            case Event.Graph.Refused(Failure.Kind kind, String reason) ->
                    fail(
                            e.step(),
                            row,
                            new Failure(
                                    kind,
                                    "the merge graph of " + chost + " is refused: " + reason));
        }
    }

    /// Two steps of one name that are not the same would silently become one; only a Go build is
    /// planned anew.
    private void checkSameWork(JobId id, List<Step> grown) {
        for (Step step : grown) {
            StepRow old = job(id).steps().get(step.id());
            if (old != null
                    && !(step.work() instanceof Work.GoBuild)
                    && !old.step().work().equals(step.work()))
                throw new IllegalArgumentException(
                        step.id() + " would be two different things of one name");
        }
    }

    void reported(Event.Reported e) {
        Agent agent = agents.get(e.agent());
        if (agent != null && e.incarnation() < agent.incarnation()) return;
        if (agent != null && e.incarnation() > agent.incarnation()) {
            lose(agent, "was started anew");
            agent = agents.get(e.agent());
        }
        if (agent == null) agent = Agent.unseen(e.agent(), e.incarnation(), e.facts(), now);
        Agent seen = agent.seen(e.incarnation(), e.facts(), now);
        agents = agents.plus(e.agent(), seen);
        for (Doing doing : e.doing()) {
            Agent.Lent lent = seen.leases().get(doing.lease());
            if (lent == null) continue;
            StepRef ref = lent.ref();
            StepRow row = current(ref).orElse(null);
            if (row == null
                    || !(row.state() instanceof StepState.Leased leased)
                    || !leased.lease().equals(doing.lease())) continue;
            switch (doing) {
                case Doing.Running(_, String phase) -> {
                    if (!phase.equals(row.phase()))
                        jobs = jobs.plus(ref.job(), withRow(job(ref.job()), row.at(phase)));
                }
                case Doing.Finished(_, Outcome outcome) ->
                        finished(ref, row, outcome, new TreeSet<>(List.of(e.agent())));
            }
        }
    }

    void vanished(Event.Vanished e) {
        Agent agent = agents.get(e.agent());
        if (agent != null && agent.incarnation() == e.incarnation() && agent.goneSince().isEmpty())
            agents = agents.plus(e.agent(), agent.gone(now));
    }

    void ran(Event.Ran e) {
        StepRow row = current(e.step()).orElse(null);
        if (row == null
                || !(row.state() instanceof StepState.Running(int attempt, _))
                || attempt != e.attempt()) return;
        finished(e.step(), row, e.outcome(), new TreeSet<>());
    }

    void ticked(Event.Ticked e) {
        if (e.slept()) {
            agents.values().forEach(a -> agents = agents.plus(a.id(), a.awake(now)));
            return;
        }
        for (Agent agent : agents.values()) {
            boolean gone = agent.goneSince().map(at -> !at.plus(GONE).isAfter(now)).orElse(false);
            boolean silent = !agent.seenAt().plus(Limits.LEASE).isAfter(now);
            if (!gone && !silent) continue;
            lose(agent, gone ? "went away" : "said nothing for " + Limits.LEASE.toSeconds() + " s");
            agents = agents.minus(agent.id());
        }
    }

    void cancelJob(JobId id, String why, Job.Status status) {
        Job job = jobs.get(id);
        if (job == null || !job.running()) return;
        for (StepRow row : job.steps().values()) {
            if (!row.state().ended())
                put(new StepRef(id, row.id()), row.ended(new StepState.Cancelled(why), now), true);
        }
        jobs = jobs.plus(id, job(id).ended(status, now));
        touchedJobs = touchedJobs.plus(id);
    }

    // ---- what follows

    private void finished(StepRef ref, StepRow row, Outcome outcome, SortedSet<AgentId> by) {
        switch (outcome) {
            case Outcome.Made made -> {
                Optional<String> wrong = Results.wrong(row.step().work(), made);
                if (wrong.isPresent())
                    fail(
                            ref,
                            row,
                            new Failure(
                                    Failure.Kind.BUG, ref.step() + " came back " + wrong.get()));
                else made(ref, row, made, Optional.of(origin(row)));
            }
            case Outcome.Broke(Failure failure) -> {
                StepRow after = Retry.afterBreak(row, failure, by, now);
                if (after.state() instanceof StepState.Failed) fail(ref, row, failure);
                else put(ref, after, true);
            }
        }
    }

    private void made(
            StepRef ref, StepRow row, Outcome.Made made, Optional<StepState.Origin> origin) {
        if (row.step().work() instanceof Work.Resolve) {
            put(ref, row.to(new StepState.Growing(made, origin)), true);
            effects.add(new Effect.ReadGraph(ref, made.blob("graph")));
            return;
        }
        put(ref, row.ended(new StepState.Done(made, origin), now), true);
        stepEnded(ref);
    }

    private static StepState.Origin origin(StepRow row) {
        return switch (row.state()) {
            case StepState.Leased leased ->
                    new StepState.Origin(leased.key(), leased.agent().value());
            case StepState.Running running -> new StepState.Origin(running.key(), "coordinator");
            case StepState.Waiting _,
                    StepState.Recalling _,
                    StepState.Ready _,
                    StepState.Growing _,
                    StepState.Done _,
                    StepState.Failed _,
                    StepState.Cancelled _ ->
                    throw new IllegalStateException(
                            row.id() + " was made while nobody was at it: " + row.state());
        };
    }

    private void fail(StepRef ref, StepRow row, Failure failure) {
        put(ref, row.ended(new StepState.Failed(failure), now), true);
        if (row.step().required()) {
            cancelJob(
                    ref.job(),
                    "the job failed at " + ref.step(),
                    new Job.Status.Failed(ref.step(), failure));
        } else {
            stepEnded(ref);
        }
    }

    /// After a step ended: what hung on it goes on or ends too, and perhaps the job with it.
    private void stepEnded(StepRef ref) {
        Job job = jobs.get(ref.job());
        if (job == null || !job.running()) return;
        for (StepId dependent :
                job.dependents().getOrDefault(ref.step(), TreePMap.empty()).keySet())
            settle(new StepRef(ref.job(), dependent));
        job = job(ref.job());
        if (job.running() && job.open() == 0) {
            jobs = jobs.plus(ref.job(), job.ended(new Job.Status.Done(), now));
            touchedJobs = touchedJobs.plus(ref.job());
        }
    }

    /// Looks at a waiting step's needs: it ends with a hard one that ended badly, and is held once
    /// all have ended.
    private void settle(StepRef ref) {
        StepRow row = current(ref).orElse(null);
        if (row == null || !(row.state() instanceof StepState.Waiting)) return;
        Job job = job(ref.job());
        for (Map.Entry<StepId, Edge> need : row.step().needs().entrySet()) {
            StepState state = job.row(need.getKey()).state();
            if (need.getValue() == Edge.SOFT || !state.ended() || state instanceof StepState.Done)
                continue;
            if (row.step().required()) {
                fail(ref, row, cause(ref, need.getKey(), state));
            } else {
                String why = need.getKey() + " did not end well";
                put(ref, row.ended(new StepState.Cancelled(why), now), true);
                stepEnded(ref);
            }
            return;
        }
        if (job.needsEnded(ref.step())) held = held.plus(ref);
    }

    /// A required step can need one that failed while only an optional platform needed it.
    private static Failure cause(StepRef ref, StepId need, StepState state) {
        if (state instanceof StepState.Failed(Failure failure)) return failure;
        return new Failure(
                Failure.Kind.BUG,
                ref.step() + " is required but needs " + need + ", which was not");
    }

    private void plan(JobId id, List<Step> added) {
        Job job = job(id);
        SortedMap<StepId, Step> all = new TreeMap<>();
        job.steps().values().forEach(r -> all.put(r.id(), r.step()));
        for (Step step : added) {
            Step old = all.get(step.id());
            all.put(
                    step.id(),
                    old == null
                            ? step
                            : new Step(
                                    step.id(),
                                    step.work(),
                                    step.needs(),
                                    step.required() || old.required()));
        }
        weave(job, all);
        for (Step step : added) touched = touched.plus(new StepRef(id, step.id()));
        // Ranks are part of the ready index, so it is made anew for this job.
        for (Urgency u : ready) {
            if (u.ref().job().equals(id))
                ready = ready.minus(u).plus(urgency(u.ref(), job(id).row(u.ref().step())));
        }
        for (Step step : added) settle(new StepRef(id, step.id()));
    }

    /// Takes an agent's leases back.
    private void lose(Agent agent, String how) {
        for (Agent.Lent lent : agent.leases().values()) {
            StepRef ref = lent.ref();
            StepRow row = current(ref).orElse(null);
            if (row == null || !(row.state() instanceof StepState.Leased)) continue;
            StepRow after = Retry.afterLoss(row, agent.id(), how, now);
            if (after.state() instanceof StepState.Failed(Failure poison)) fail(ref, row, poison);
            else put(ref, after, true);
        }
    }

    // ---- held and ready steps

    /// Held steps whose time has come are looked up in the store, under every name that an able
    /// agent would give.
    private void release() {
        for (StepRef ref : held) {
            StepRow row = current(ref).orElse(null);
            if (row == null || !(row.state() instanceof StepState.Waiting(Instant notBefore))) {
                held = held.minus(ref);
                continue;
            }
            if (notBefore.isAfter(now)) continue;
            Job job = job(ref.job());
            switch (row.step().work()) {
                case Work.Publish _ -> put(ref, row.to(new StepState.Ready()), false);
                case Work.InCoordinator work ->
                        recall(
                                ref,
                                row,
                                List.of(
                                        StepKey.inCoordinator(
                                                work,
                                                job.inputs(ref.step()),
                                                rules.gate(),
                                                job.spec().farm().trustDomain())));
                case Work.OnAgent work -> {
                    List<Agent> able =
                            Scheduler.able(agents.values(), work, job.spec().farm().labels());
                    if (!able.isEmpty()) {
                        var inputs = job.inputs(ref.step());
                        recall(
                                ref,
                                row,
                                able.stream()
                                        .map(a ->
                                                StepKey.onAgent(
                                                        work,
                                                        inputs,
                                                        a.facts(),
                                                        job.spec().farm().trustDomain()))
                                        .distinct()
                                        .toList());
                    } else if (!rules.agentsMayJoin()
                            && agents.values().stream().anyMatch(a -> a.goneSince().isEmpty())) {
                        fail(ref, row, nobody(row, work, job));
                    }
                }
            }
        }
    }

    private void recall(StepRef ref, StepRow row, List<Digest> keys) {
        put(ref, row.to(new StepState.Recalling()), false);
        effects.add(new Effect.Recall(ref, keys));
    }

    private Failure nobody(StepRow row, Work.OnAgent work, Job job) {
        String lacks =
                agents.values().stream()
                        .map(a ->
                                a.id()
                                        + " lacks "
                                        + String.join(
                                                " and ",
                                                Scheduler.lacking(
                                                        a.facts(),
                                                        work,
                                                        job.spec().farm().labels())))
                        .reduce((a, b) -> a + "; " + b)
                        .orElse("there is no agent");
        return new Failure(
                Failure.Kind.NO_AGENT, "no agent can ever do " + row.id() + ": " + lacks);
    }

    private void assign() {
        for (Urgency urgent : ready) {
            StepRef ref = urgent.ref();
            StepRow row = current(ref).orElse(null);
            if (row == null || !(row.state() instanceof StepState.Ready)) continue;
            Job job = job(ref.job());
            SortedMap<StepId, Outcome.Made> inputs = job.inputs(ref.step());
            String trustDomain = job.spec().farm().trustDomain();
            switch (row.step().work()) {
                case Work.InCoordinator work -> {
                    Digest key = StepKey.inCoordinator(work, inputs, rules.gate(), trustDomain);
                    if (twin(ref, row, key)) continue;
                    int attempt = row.attempts() + 1;
                    put(ref, row.began(new StepState.Running(attempt, key), now), true);
                    effects.add(new Effect.Execute(ref, attempt, work, inputs));
                }
                case Work.OnAgent work -> {
                    List<Agent> able =
                            Scheduler.able(agents.values(), work, job.spec().farm().labels());
                    if (!able.isEmpty()
                            && able.stream().allMatch(a -> row.avoid().contains(a.id()))) {
                        if (rules.agentsMayJoin()) put(ref, Retry.anywhere(row, now), true);
                        else fail(ref, row, row.lastFailure().orElseThrow());
                        continue;
                    }
                    Scheduler.place(able, work, row.avoid())
                            .ifPresent(agent ->
                                    lend(
                                            ref,
                                            row,
                                            agent,
                                            StepKey.onAgent(
                                                    work, inputs, agent.facts(), trustDomain)));
                }
            }
        }
    }

    /// Whether the same thing is being made already; the step then looks for its result a little
    /// later.
    private boolean twin(StepRef ref, StepRow row, Digest key) {
        if (!busy.containsKey(key)) return false;
        put(ref, row.to(new StepState.Waiting(now.plus(TWIN))), false);
        return true;
    }

    private void lend(StepRef ref, StepRow row, Agent agent, Digest key) {
        if (twin(ref, row, key)) return;
        var lease = new LeaseId(nextLease++);
        put(
                ref,
                row.began(new StepState.Leased(lease, agent.id(), agent.incarnation(), key), now),
                true);
    }
}
