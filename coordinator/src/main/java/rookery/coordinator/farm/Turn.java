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
import org.pcollections.PSortedMap;
import org.pcollections.TreePMap;
import rookery.coordinator.plan.Planner;
import rookery.coordinator.plan.Step;
import rookery.coordinator.plan.Step.Edge;
import rookery.coordinator.plan.StepKey;
import rookery.model.AgentId;
import rookery.model.Blame;
import rookery.model.Doing;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.LeaseId;
import rookery.model.Outcome;
import rookery.model.StepId;
import rookery.model.Work;
import rookery.oci.Digest;

/// One turn of the farm: what follows from an event, and from what follows.
final class Turn extends Draft {
    /// How often a step looks whether another one has made what it needs.
    private static final Duration TWIN = Duration.ofSeconds(1);

    private final List<Effect> effects = new ArrayList<>();

    Turn(Farm farm, Instant now) {
        super(farm, now);
    }

    Farm.Transition end() {
        release();
        assign();
        return new Farm.Transition(farm(), List.copyOf(effects), changes());
    }

    // ---- events

    void submit(Event.Submitted e) {
        if (requests.containsKey(e.requestId()) || jobs.containsKey(e.job())) return;
        var job =
                new Job(
                        e.job(),
                        e.requestId(),
                        e.spec(),
                        e.push(),
                        e.allowDrop(),
                        e.planOnly(),
                        new Job.Status.Running(),
                        now,
                        Optional.empty(),
                        TreePMap.empty(),
                        TreePMap.empty(),
                        0);
        jobs = jobs.plus(e.job(), job);
        requests = requests.plus(e.requestId(), e.job());
        touchedJobs.add(e.job());
        plan(e.job(), Planner.initial(e.spec(), e.push(), e.allowDrop()));
        finishIfOver(e.job());
    }

    /// The one way back from an end: by a person's word, and never for a job that was done.
    void retry(Job saved) {
        Job known = jobs.getOrDefault(saved.id(), saved);
        boolean again =
                switch (known.status()) {
                    case Job.Status.Failed _, Job.Status.Cancelled _ -> true;
                    case Job.Status.Running _, Job.Status.Done _ -> false;
                };
        if (!again) return;
        known.endedAt().ifPresent(at -> ended = ended.minus(new Farm.Ended(at, known.id())));
        SortedMap<StepId, Step> all = new TreeMap<>();
        PSortedMap<StepId, StepRow> rows = TreePMap.empty();
        for (StepRow row : known.steps().values()) {
            StepRow next =
                    switch (row.state()) {
                        case StepState.Failed _, StepState.Cancelled _ -> row.again();
                        case StepState.Done _ -> row;
                        case StepState.Waiting _,
                                StepState.Recalling _,
                                StepState.Ready _,
                                StepState.Leased _,
                                StepState.Running _,
                                StepState.Growing _ ->
                                throw new IllegalStateException(
                                        known.id()
                                                + " has ended but its step "
                                                + row.id()
                                                + " is "
                                                + row.state());
                    };
            rows = rows.plus(row.id(), next);
            all.put(row.id(), row.step());
            if (!next.state().ended()) touched.add(new StepRef(known.id(), row.id()));
        }
        touchedJobs.add(known.id());
        requests = requests.plus(known.requestId(), known.id());
        weave(known.again(rows), all);
        all.keySet().forEach(id -> settle(new StepRef(known.id(), id)));
        finishIfOver(known.id());
    }

    void ruled(Event.Ruled e) {
        Agent agent = agents.get(e.agent());
        if (agent == null) agent = Agent.remembered(e.agent(), 0, now).gone(now);
        judge(agent, agent.conduct().ruled(e.standing(), now));
    }

    /// Writes down how an agent stands; only a changed standing is worth a write to the disk.
    private void judge(Agent agent, Conduct conduct) {
        if (conduct.equals(agent.conduct())) return;
        agents = agents.plus(agent.id(), agent.with(conduct));
        if (conduct.standing() != agent.conduct().standing()
                || conduct.times() != agent.conduct().times()) touchedAgents.add(agent.id());
    }

    /// Where the agents are all there ever will be, a quarantine would only make a job wait.
    private void blame(AgentId id, String what) {
        Agent agent = agents.get(id);
        if (agent != null && rules.agentsMayJoin()) judge(agent, agent.conduct().fault(what, now));
    }

    private void praise(AgentId id) {
        Agent agent = agents.get(id);
        if (agent != null) judge(agent, agent.conduct().success());
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
        Agent seen = agent.seen(e.incarnation(), e.facts(), e.draining(), now);
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
                case Doing.Finished(_, Outcome outcome) -> {
                    finished(ref, row, outcome, new TreeSet<>(List.of(e.agent())));
                    switch (outcome) {
                        case Outcome.Made _ -> praise(e.agent());
                        case Outcome.Broke(Failure failure) -> {
                            if (failure.kind().blame() == Blame.HOST)
                                blame(e.agent(), ref + " broke: " + failure.message());
                        }
                    }
                }
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
        forget();
        if (e.slept()) {
            agents.values().forEach(a -> agents = agents.plus(a.id(), a.awake(now)));
            return;
        }
        for (Agent agent : agents.values()) {
            boolean gone =
                    agent.goneSince()
                            .map(at -> !at.plus(rules.patience().gone()).isAfter(now))
                            .orElse(false);
            boolean silent = !agent.seenAt().plus(rules.patience().lease()).isAfter(now);
            if (gone || silent) leave(agent, gone);
            Agent left = agents.get(agent.id());
            if (left != null)
                judge(left, left.conduct().passed(rules.patience().quarantine(), now));
        }
    }

    /// Of an agent that is away only its conduct is kept, if that matters.
    private void leave(Agent agent, boolean gone) {
        String how =
                gone
                        ? "went away"
                        : "said nothing for " + rules.patience().lease().toSeconds() + " s";
        lose(agent, how);
        Agent left = agents.get(agent.id());
        if (left == null) return;
        agents =
                left.conduct().matters()
                        ? agents.plus(left.id(), left.goneSince().isEmpty() ? left.gone(now) : left)
                        : agents.minus(left.id());
    }

    void cancelJob(JobId id, String why, Job.Status status) {
        Job job = jobs.get(id);
        if (job == null || !job.running()) return;
        for (StepRow row : job.steps().values()) {
            if (!row.state().ended())
                put(new StepRef(id, row.id()), row.ended(new StepState.Cancelled(why), now), true);
        }
        endJob(id, status);
    }

    private void endJob(JobId id, Job.Status status) {
        jobs = jobs.plus(id, job(id).ended(status, now));
        touchedJobs.add(id);
        noteEnd(job(id));
    }

    /// A job that only plans ends with its last graph; what it will never do is cancelled.
    private void finishIfOver(JobId id) {
        Job job = job(id);
        if (!job.running() || !job.finished()) return;
        if (job.open() == 0) endJob(id, new Job.Status.Done());
        else cancelJob(id, "plan only", new Job.Status.Done());
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
                else {
                    learn(row, made);
                    made(ref, row, made, Optional.of(origin(row)));
                }
            }
            case Outcome.Broke(Failure failure) -> {
                StepRow after = Retry.afterBreak(row, failure, by, now);
                if (after.state() instanceof StepState.Failed) fail(ref, row, failure);
                else put(ref, after, true);
            }
        }
    }

    /// Only ends that are good teach: a failure may come early or late.
    private void learn(StepRow row, Outcome.Made made) {
        if (!(row.state() instanceof StepState.Leased leased) || row.startedAt().isEmpty()) return;
        Agent agent = agents.get(leased.agent());
        if (agent == null) return;
        Durations.Lesson lesson =
                durations.learn(
                        row.step().work(),
                        agent.id(),
                        agent.facts(),
                        Duration.between(row.startedAt().get(), now),
                        made);
        durations = lesson.after();
        touchedDurations.addAll(lesson.touched());
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
        finishIfOver(ref.job());
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
        if (job.mayRun(row) && job.needsEnded(ref.step())) held = held.plus(ref);
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
        for (Step step : added) touched.add(new StepRef(id, step.id()));
        // Ranks are part of the ready index, so it is made anew for this job.
        for (Urgency u : ready) {
            if (u.ref().job().equals(id))
                ready = ready.minus(u).plus(urgency(u.ref(), job(id).row(u.ref().step())));
        }
        for (Step step : added) settle(new StepRef(id, step.id()));
    }

    /// Takes an agent's leases back. One that said that it would leave did no wrong.
    private void lose(Agent agent, String how) {
        if (!agent.leases().isEmpty() && !agent.draining())
            blame(agent.id(), "it " + how + " with steps in its hands");
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
