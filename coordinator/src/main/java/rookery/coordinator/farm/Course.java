package rookery.coordinator.farm;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
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
import rookery.coordinator.plan.Step;
import rookery.coordinator.plan.Step.Edge;
import rookery.model.AgentId;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.Outcome;
import rookery.model.StepId;
import rookery.model.Work;
import rookery.oci.Blob;

/// What follows in a job when one of its steps ends, when its plan grows, and when it ends itself.
class Course extends Draft {
    final List<Effect> effects = new ArrayList<>();

    Course(Farm farm, Instant now) {
        super(farm, now);
    }

    /// The one way back from an end: by a person's word, and never for a job that was done.
    final void retry(Job saved) {
        Job known = jobs.getOrDefault(saved.id(), saved);
        boolean again =
                switch (known.status()) {
                    case Job.Status.Failed _, Job.Status.Cancelled _ -> true;
                    case Job.Status.Running _, Job.Status.Done _ -> false;
                };
        if (!again) return;
        known.endedAt().ifPresent(at -> ended = ended.minus(new Farm.Ended(at, known.id())));
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
            if (!next.state().ended()) touched.add(new StepRef(known.id(), row.id()));
        }
        touchedJobs.add(known.id());
        requests = requests.plus(known.requestId(), known.id());
        Job going = known.again(rows);
        weave(going, steps(going));
        rows.keySet().forEach(id -> settle(new StepRef(known.id(), id)));
        finishIfOver(known.id());
    }

    /// Makes again what was lost from the store, and whatever was made of it: what comes this time
    /// may be another thing, and then so is all that follows; if it is the same, that is recalled.
    /// What is being made of it just now is taken back.
    final void undo(Job job, StepId asker, SortedSet<StepId> lost) {
        SortedSet<StepId> undone = new TreeSet<>(List.of(asker));
        var next = new ArrayDeque<StepId>();
        // One that is not done is being made again already.
        for (StepId id : lost) if (job.row(id).state() instanceof StepState.Done) next.add(id);
        while (!next.isEmpty()) {
            StepId id = next.remove();
            StepRow row = job.row(id);
            boolean isDone = row.state() instanceof StepState.Done;
            boolean stays =
                    row.state() instanceof StepState.Growing
                            || (row.state().ended() && !isDone)
                            || (isDone && row.step().work() instanceof Work.Publish);
            if (!stays && undone.add(id) && isDone)
                next.addAll(job.dependents().getOrDefault(id, List.of()));
        }
        PSortedMap<StepId, StepRow> rows = job.steps();
        for (StepId id : undone) {
            StepRow row = job.row(id);
            var ref = new StepRef(job.id(), id);
            unindex(ref, row);
            boolean wasAtWork =
                    row.state() instanceof StepState.Leased
                            || row.state() instanceof StepState.Running;
            rows = rows.plus(id, row.undone(wasAtWork));
            touched.add(ref);
        }
        weave(job.with(rows), steps(job));
        undone.forEach(id -> settle(new StepRef(job.id(), id)));
    }

    private static SortedMap<StepId, Step> steps(Job job) {
        SortedMap<StepId, Step> steps = new TreeMap<>();
        job.steps().values().forEach(r -> steps.put(r.id(), r.step()));
        return steps;
    }

    /// Gives a job these steps; who goes first may be another one now.
    private void weave(Job job, SortedMap<StepId, Step> all) {
        jobs = jobs.plus(job.id(), Weave.of(job, all, durations));
        for (StepRow row : job(job.id()).steps().values()) {
            var ref = new StepRef(job.id(), row.id());
            ready = ready.ranked(ref, row.rank());
            soon = soon.ranked(ref, row.rank());
        }
    }

    /// Two steps of one name that are not the same would silently become one; only a Go build is
    /// planned anew.
    final void checkSameWork(JobId id, List<Step> grown) {
        for (Step step : grown) {
            StepRow old = job(id).steps().get(step.id());
            if (old != null
                    && !(step.work() instanceof Work.GoBuild)
                    && !old.step().work().equals(step.work()))
                throw new IllegalArgumentException(
                        step.id() + " would be two different things of one name");
        }
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

    final void endJob(JobId id, Job.Status status) {
        jobs = jobs.plus(id, job(id).ended(status, now));
        touchedJobs.add(id);
        noteEnd(job(id));
    }

    /// A job that only plans ends with its last graph; what it will never do is cancelled.
    final void finishIfOver(JobId id) {
        Job job = job(id);
        if (!job.running() || !job.finished()) return;
        if (job.open() == 0) endJob(id, new Job.Status.Done());
        else cancelJob(id, "plan only", new Job.Status.Done());
    }

    final void finished(StepRef ref, StepRow row, Outcome outcome, SortedSet<AgentId> by) {
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
                    learn(ref, row, made);
                    made(ref, row, made, Optional.of(origin(row)));
                }
            }
            case Outcome.Broke(Failure failure) -> broke(ref, row, failure, by);
        }
    }

    final void broke(StepRef ref, StepRow row, Failure failure, SortedSet<AgentId> by) {
        StepRow after = Retry.afterBreak(row, failure, by, now);
        if (after.state() instanceof StepState.Failed) fail(ref, row, failure);
        else put(ref, after, true);
    }

    /// Only good ends teach: a failure may come early or late.
    private void learn(StepRef ref, StepRow row, Outcome.Made made) {
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
        for (Blob blob : Placement.telling(job(ref.job()).inputs(ref.step())))
            holdings = holdings.plus(agent.id(), blob);
        for (Blob blob : made.blobs().values()) holdings = holdings.plus(agent.id(), blob);
        pace(agent);
    }

    final void made(
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

    final void fail(StepRef ref, StepRow row, Failure failure) {
        put(ref, row.ended(new StepState.Failed(failure), now), true);
        if (row.step().work() instanceof Work.Verify) refuse(ref, row);
        if (row.step().required()) {
            cancelJob(
                    ref.job(),
                    "the job failed at " + ref.step(),
                    new Job.Status.Failed(ref.step(), failure));
        } else {
            stepEnded(ref);
        }
    }

    /// What the gate refused is nobody's result: an agent that made it by mistake or malice must
    /// not have made it for everybody who asks for the same.
    private void refuse(StepRef ref, StepRow verify) {
        Job job = job(ref.job());
        String trustDomain = job.spec().farm().trustDomain();
        for (StepId need : verify.step().needs().keySet()) {
            StepRow built = job.row(need);
            if (!(built.state() instanceof StepState.Done(_, var origin))
                    || !(built.step().work() instanceof Work.OnAgent work)) continue;
            origin.ifPresent(o -> refused.add(o.key()));
            refused.addAll(
                    roster.names(work, job.inputs(need), job.spec().farm().labels(), trustDomain));
        }
    }

    /// After a step ended: what hung on it goes on or ends too, and perhaps the job with it.
    final void stepEnded(StepRef ref) {
        Job job = jobs.get(ref.job());
        if (job == null || !job.running()) return;
        boolean good = job.row(ref.step()).state() instanceof StepState.Done;
        PSortedMap<StepId, Integer> pending = job.pending();
        // Those that are due now, or with the next end.
        var near = new ArrayList<StepRow>();
        var lost = new ArrayList<StepRef>();
        // Hundreds may hang on a step: they are counted down together.
        for (StepId id : job.dependents().getOrDefault(ref.step(), List.of())) {
            StepRow row = job.row(id);
            if (!(row.state() instanceof StepState.Waiting)) continue;
            if (!good && row.step().needs().get(ref.step()) == Edge.HARD) {
                lost.add(new StepRef(job.id(), id));
                continue;
            }
            int left = Optional.ofNullable(pending.get(id)).orElse(0) - 1;
            if (left < 0) throw new IllegalStateException(job.id() + "/" + id + " needed nothing");
            pending = left == 0 ? pending.minus(id) : pending.plus(id, left);
            if (left <= 1) near.add(row);
        }
        jobs = jobs.plus(job.id(), job.withPending(pending));
        near.forEach(row -> await(new StepRef(ref.job(), row.id()), row));
        lost.forEach(this::settle);
        finishIfOver(ref.job());
    }

    /// Looks at all needs of a waiting step: it ends with a hard one that ended badly, and is due
    /// once all have ended.
    final void settle(StepRef ref) {
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
        await(ref, row);
    }

    /// A required step can need one that failed while only an optional platform needed it.
    private static Failure cause(StepRef ref, StepId need, StepState state) {
        if (state instanceof StepState.Failed(Failure failure)) return failure;
        return new Failure(
                Failure.Kind.BUG,
                ref.step() + " is required but needs " + need + ", which was not");
    }

    final void plan(JobId id, List<Step> added) {
        Job job = job(id);
        SortedMap<StepId, Step> all = steps(job);
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
        plans.add(new Changes.Planned(job(id), added.stream().map(s -> all.get(s.id())).toList()));
        for (Step step : added) touched.add(new StepRef(id, step.id()));
        for (Step step : added) settle(new StepRef(id, step.id()));
    }
}
