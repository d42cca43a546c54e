package rookery.coordinator.farm;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;
import org.pcollections.PSortedSet;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;
import rookery.coordinator.plan.Planner;
import rookery.coordinator.plan.Step;
import rookery.coordinator.plan.StepKey;
import rookery.model.AgentId;
import rookery.model.Blame;
import rookery.model.Doing;
import rookery.model.Failure;
import rookery.model.JobSpec;
import rookery.model.LeaseId;
import rookery.model.Limits;
import rookery.model.Outcome;
import rookery.model.StepId;
import rookery.model.Work;
import rookery.oci.Digest;

/// One turn of the farm: what follows from an event, and from what follows.
final class Turn extends Course {
    /// A step is told when another one has stopped making what it would make. Should that ever be
    /// missed, it looks itself.
    private static final Duration TWIN = Duration.ofSeconds(30);

    /// Steps that one turn looks at; the rest is looked at in the next turns, so that an agent's
    /// coming back does not hold up everybody else.
    private static final int DUE = 1_024;

    private final Lending before;
    private boolean timePassed;
    private int looked;

    Turn(Farm farm, Instant now) {
        super(farm, now);
        before = farm.lending();
    }

    Farm.Transition end() {
        release();
        assign();
        return new Farm.Transition(farm(), List.copyOf(effects), changes(), stirred);
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
                        TreePMap.empty(),
                        0);
        jobs = jobs.plus(e.job(), job);
        requests = requests.plus(e.requestId(), e.job());
        touchedJobs.add(e.job());
        plan(e.job(), Planner.initial(e.spec(), e.push(), e.allowDrop()));
        finishIfOver(e.job());
    }

    void ruled(Event.Ruled e) {
        Agent agent = agents.get(e.agent());
        if (agent == null) agent = Agent.remembered(e.agent(), 0, now).gone(now);
        judge(agent, agent.conduct().ruled(e.standing(), now));
    }

    /// Writes down how an agent stands; only a changed standing is worth a write to the disk.
    private void judge(Agent agent, Conduct conduct) {
        if (conduct.equals(agent.conduct())) return;
        putAgent(agent.with(conduct));
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

    void inputsLost(Event.InputsLost e) {
        StepRow row = current(e.step()).orElse(null);
        if (row == null || !(row.state() instanceof StepState.Recalling)) return;
        Job job = job(e.step().job());
        Optional<StepId> hopeless =
                e.lost().stream().filter(id -> job.row(id).tries() >= Limits.ATTEMPTS).findFirst();
        if (hopeless.isPresent())
            fail(
                    e.step(),
                    row,
                    new Failure(
                            Failure.Kind.INPUT_LOST,
                            e.step().step()
                                    + " needs what "
                                    + hopeless.get()
                                    + " made, and the store has lost that "
                                    + Limits.ATTEMPTS
                                    + " times; look after the coordinator's disk, then retry"));
        else undo(job, e.step().step(), e.lost());
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
                // What still needs it has been counted anew with the plan.
                Job job = job(e.step().job());
                if (!job.running()) return;
                job.dependents()
                        .getOrDefault(e.step().step(), List.of())
                        .forEach(id -> settle(new StepRef(job.id(), id)));
                finishIfOver(job.id());
            }
            case Event.Graph.Refused(Failure.Kind kind, String reason) ->
                    broke(
                            e.step(),
                            row,
                            new Failure(
                                    kind, "the merge graph of " + chost + " is refused: " + reason),
                            new TreeSet<>());
        }
    }

    void reported(Event.Reported e) {
        Agent agent = agents.get(e.agent());
        if (agent != null && e.incarnation() < agent.incarnation()) return;
        if (agent != null && e.incarnation() > agent.incarnation()) {
            lose(agent, "was started anew");
            agent = agents.get(e.agent());
        }
        if (agent == null) agent = Agent.unseen(e.agent(), e.incarnation(), e.facts(), e.at());
        Agent seen = agent.seen(e.incarnation(), e.facts(), e.draining(), e.at());
        putAgent(seen);
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
                            if (failure.kind().blame() == Blame.HOST
                                    && failure.kind() != Failure.Kind.INPUT_LOST)
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
            putAgent(agent.gone(e.at()));
    }

    void ran(Event.Ran e) {
        StepRow row = current(e.step()).orElse(null);
        if (row == null
                || !(row.state() instanceof StepState.Running(int attempt, _))
                || attempt != e.attempt()) return;
        finished(e.step(), row, e.outcome(), new TreeSet<>());
    }

    void ticked(Event.Ticked e) {
        timePassed = true;
        forget();
        if (e.slept()) {
            agents.values().forEach(a -> putAgent(a.awake(now)));
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
        if (!left.conduct().matters()) dropAgent(left.id());
        else if (left.goneSince().isEmpty()) putAgent(left.gone(now));
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

    // ---- steps that are due, and ready ones

    private void release() {
        if (rosterChanged) call();
        for (Digest key : freed) {
            for (StepRef twin : twins.getOrDefault(key, TreePSet.empty())) {
                StepRow row = current(twin).orElse(null);
                if (row != null && row.state() instanceof StepState.Waiting)
                    put(twin, row.to(new StepState.Waiting(now)), false);
            }
            twins = twins.minus(key);
        }
        for (int i = 0; i < DUE && !due.isEmpty() && !due.first().at().isAfter(now); i++) {
            StepRef ref = due.first().ref();
            look(ref, job(ref.job()).row(ref.step()));
        }
    }

    /// Steps that nobody could do are due again if one of the agents that came can.
    private void call() {
        Roster before = roster;
        roster = Roster.of(agents.values());
        if (roster.equals(before)) return;
        for (PSortedSet<StepRef> alike : unable.values()) {
            StepRef any = alike.first();
            Job job = job(any.job());
            if (rules.agentsMayJoin()
                    && job.row(any.step()).step().work() instanceof Work.OnAgent work
                    && !roster.isAble(work, job.spec().farm().labels())) continue;
            for (StepRef ref : alike)
                put(ref, job(ref.job()).row(ref.step()).to(new StepState.Waiting(now)), false);
        }
    }

    /// A step whose time has come is looked up in the store, under every name that an able agent
    /// would give.
    private void look(StepRef ref, StepRow row) {
        Job job = job(ref.job());
        switch (row.step().work()) {
            case Work.Publish _ -> {
                // What was pushed once is pushed again: a tag may have moved.
                if (row.lastFailure().isEmpty()) put(ref, row.to(new StepState.Ready()), false);
                else recall(ref, row, List.of());
            }
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
                SortedSet<String> labels = job.spec().farm().labels();
                List<Digest> names =
                        roster.names(
                                work,
                                job.inputs(ref.step()),
                                labels,
                                job.spec().farm().trustDomain());
                if (!names.isEmpty()) recall(ref, row, names);
                else if (!rules.agentsMayJoin() && !roster.kinds().isEmpty())
                    fail(ref, row, nobody(row, work, job));
                else unable(ref, row, Roster.asked(work, labels));
            }
        }
    }

    private void recall(StepRef ref, StepRow row, List<Digest> keys) {
        put(ref, row.to(new StepState.Recalling()), false);
        // Looking for what it takes costs a little, so only when it failed before.
        SortedMap<StepId, Outcome.Made> inputs =
                row.lastFailure().isEmpty()
                        ? Collections.emptySortedMap()
                        : job(ref.job()).inputs(ref.step());
        effects.add(new Effect.Recall(ref, keys, inputs));
    }

    private Failure nobody(StepRow row, Work.OnAgent work, Job job) {
        return new Failure(
                Failure.Kind.NO_AGENT,
                "no agent can ever do "
                        + row.id()
                        + ": "
                        + Scheduler.nearest(agents.values(), work, job.spec().farm().labels()));
    }

    private void assign() {
        for (StepRef ref : ready.own()) {
            StepRow row = job(ref.job()).row(ref.step());
            if (!(row.step().work() instanceof Work.InCoordinator work)) continue;
            Job job = job(ref.job());
            SortedMap<StepId, Outcome.Made> inputs = job.inputs(ref.step());
            Digest key =
                    StepKey.inCoordinator(
                            work, inputs, rules.gate(), job.spec().farm().trustDomain());
            if (twin(ref, row, key)) continue;
            int attempt = row.attempts() + 1;
            put(ref, row.began(new StepState.Running(attempt, key), now), true);
            effects.add(new Effect.Execute(ref, attempt, work, inputs));
        }
        // A beat that changes nothing must cost nothing, however many steps wait.
        if (timePassed || readied || !ready.is(before.ready()) || !fleet.is(before.fleet()))
            looked = serve();
    }

    /// Lends ready steps in turn, for as long as there are agents for any of them.
    ///
    /// @return how many steps were looked at
    private int serve() {
        if (fleet.room() == 0 && fleet.lightRoom() == 0) return 0;
        // Where all agents are alike it does not matter which one a step will want.
        boolean foresight = fleet.groups().size() > 1;
        var round = new Round(ready, foresight ? soon.steps() : Ready.NOTHING, shares);
        var placement = new Placement(now, holdings, ready.size() / Math.max(1, fleet.slots()));
        int looks = 0;
        int idle = 0;
        int foreseen = 0;
        while (idle < Placement.LOOKS) {
            Round.Turn next = round.next().orElse(null);
            if (next == null) break;
            looks++;
            StepRef ref = next.ref();
            StepRow row = job(ref.job()).row(ref.step());
            if (!(row.step().work() instanceof Work.OnAgent work)) continue;
            Demand demand = next.lane().demand();
            if (next.soon()) {
                wanted(ref)
                        .ifPresent(
                                use -> placement.expect(fleet, demand, durations.quote(work), use));
                if (++foreseen == Placement.FORESEEN) round.foresawEnough();
                continue;
            }
            if (fleet.onlyAvoided(demand)) {
                if (rules.agentsMayJoin()) put(ref, Retry.anywhere(row, now), true);
                else fail(ref, row, row.lastFailure().orElseThrow());
                continue;
            }
            Durations.Quote quote = durations.quote(work);
            boolean recalling = row.state() instanceof StepState.Recalling;
            switch (placement.choose(fleet, demand, quote)) {
                case Placement.Choice.Now now -> {
                    round.charge(next.lane().project(), quote.usualMillis());
                    if (recalling) {
                        placement.keep(now.agent());
                        idle++;
                        continue;
                    }
                    SortedMap<StepId, Outcome.Made> inputs = job(ref.job()).inputs(ref.step());
                    AgentId agent = placement.nearest(fleet, demand, quote, inputs, now);
                    if (!lend(ref, row, agent, work, inputs)) idle++;
                }
                case Placement.Choice.Later _ -> {
                    round.charge(next.lane().project(), quote.usualMillis());
                    idle++;
                }
                case Placement.Choice.Nowhere _ -> round.close(next.lane());
            }
        }
        return looks;
    }

    /// When a step's last need is expected to have been made, where that is at work.
    private Optional<Seat.Use> wanted(StepRef ref) {
        return soon.needOf(ref)
                .map(need -> job(ref.job()).row(need).state())
                .flatMap(state ->
                        state instanceof StepState.Leased leased
                                ? fleet.seat(leased.agent()).map(s -> s.uses().get(leased.lease()))
                                : Optional.empty());
    }

    /// Whether the same thing is being made already; the step then looks for its result a little
    /// later.
    private boolean twin(StepRef ref, StepRow row, Digest key) {
        if (!busy.containsKey(key)) return false;
        put(ref, row.to(new StepState.Waiting(now.plus(TWIN))), false);
        twins = twins.plus(key, twins.getOrDefault(key, TreePSet.empty()).plus(ref));
        return true;
    }

    private boolean lend(
            StepRef ref,
            StepRow row,
            AgentId id,
            Work.OnAgent work,
            SortedMap<StepId, Outcome.Made> inputs) {
        Agent agent = agents.get(id);
        if (agent == null) throw new IllegalStateException("no agent " + id);
        JobSpec.FarmOptions options = job(ref.job()).spec().farm();
        Digest key = StepKey.onAgent(work, inputs, agent.facts(), options.trustDomain());
        if (twin(ref, row, key)) return false;
        shares = shares.charge(options.project(), durations.quote(work).usualMillis());
        var lease = new LeaseId(nextLease++);
        put(
                ref,
                row.began(new StepState.Leased(lease, agent.id(), agent.incarnation(), key), now),
                true);
        return true;
    }

    /// How many ready steps this turn looked at: bounded by what is free, not by what waits.
    int looked() {
        return looked;
    }
}
