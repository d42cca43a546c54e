package rookery.sim;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import rookery.coordinator.farm.Agent;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.farm.StepRef;
import rookery.coordinator.farm.StepRow;
import rookery.coordinator.farm.StepState;
import rookery.coordinator.plan.Step;
import rookery.model.AgentId;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.LeaseId;
import rookery.model.Limits;
import rookery.model.Order;
import rookery.model.Outcome;
import rookery.model.StepId;
import rookery.model.Work;
import rookery.oci.Blob;
import rookery.oci.Digest;
import rookery.oci.Platform;

/// Knows what really happened in the world, and says when the farm's word differs. It sees
/// everything, and takes part in nothing.
final class Oracle {
    /// The lease time, a tick, and the slowest turn.
    private static final long SILENT_MS = Limits.LEASE.toMillis() + 26_000;

    private static final long GONE_MS = 3_000 + 21_000;
    private static final long SPEAKS_MS = 10_000;

    private final World world;
    private final Disk disk;
    private final Blobs blobs;
    private final Map<LeaseId, String> lent = new TreeMap<>();
    private final Map<LeaseId, Outcome> outcomes = new TreeMap<>();
    private final Map<StepRef, StepState> told = new TreeMap<>();
    private final Map<JobId, Job.Status> toldOfJobs = new TreeMap<>();
    private final Set<JobId> retried = new TreeSet<>();
    private final Set<String> accepted = new TreeSet<>();
    private final Map<AgentId, Long> heardMs = new TreeMap<>();
    private final Map<AgentId, Long> hungUpMs = new TreeMap<>();
    private final Map<AgentId, Long> living = new TreeMap<>();
    private long startedMs;
    private final Map<JobId, Set<String>> excuses = new TreeMap<>();
    private final Set<Digest> refused = new TreeSet<>();
    private final Set<Digest> neverSent = new TreeSet<>();
    private final Map<Digest, Set<String>> verified = new TreeMap<>();
    private final Map<JobId, JobSpec> specs = new TreeMap<>();
    private final Map<StepRef, Set<LeaseId>> leasesOf = new TreeMap<>();
    private long starts;

    Oracle(World world, Disk disk, Blobs blobs) {
        this.world = world;
        this.disk = disk;
        this.blobs = blobs;
    }

    // ---- what is seen

    void asked(JobId job, JobSpec spec) {
        specs.put(job, spec);
    }

    /// The client has its answer.
    void accepted(String request) {
        accepted.add(request);
    }

    /// The coordinator read a report of this process.
    void heard(AgentId agent) {
        heardMs.put(agent, world.nowMs());
    }

    /// The coordinator learned that the agent's only stream is closed.
    void hungUp(AgentId agent) {
        hungUpMs.put(agent, world.nowMs());
    }

    void started(Order order, AgentId agent, long incarnation) {
        String where = agent + " " + incarnation + " " + order.job() + "/" + order.step();
        String before = lent.put(order.lease(), where);
        if (before != null)
            throw new Violation(
                    "lease %s was started twice: %s, then %s", order.lease(), before, where);
        starts++;
    }

    void made(Order order, Outcome outcome) {
        outcomes.put(order.lease(), outcome);
    }

    /// From now on only what was made must stay.
    void retried(JobId job) {
        retried.add(job);
        toldOfJobs.remove(job);
        told.entrySet()
                .removeIf(e ->
                        e.getKey().job().equals(job) && !(e.getValue() instanceof StepState.Done));
    }

    /// An optional platform's misfortune is no excuse for the job.
    void excuse(Order order, String why) {
        JobSpec spec = specs.get(order.job());
        if (spec == null) throw new Violation("%s is of a job that nobody asked for", order);
        boolean optional =
                order.work()
                        .platform()
                        .map(p ->
                                spec.platforms().stream()
                                        .anyMatch(w -> w.platform().equals(p) && !w.required()))
                        .orElse(false);
        if (!optional) excuse(order.job(), why);
    }

    /// A process of an agent began.
    void born(AgentId agent, long incarnation) {
        living.put(agent, incarnation);
    }

    /// An agent ends a step because it was told to.
    void killed(AgentId agent, LeaseId lease) {
        for (var steps : leasesOf.entrySet()) {
            if (!steps.getValue().contains(lease)) continue;
            if (disk.state(steps.getKey()).orElse(null) instanceof StepState.Leased leased
                    && leased.lease().equals(lease))
                throw new Violation("%s kills %s, which is still lent to it", agent, lease);
        }
    }

    void excuse(JobId job, String why) {
        excuses.computeIfAbsent(job, _ -> new TreeSet<>()).add(why);
    }

    void neverSent(Blob blob) {
        neverSent.add(blob.digest());
    }

    void verified(Digest binary, Platform platform) {
        verified.computeIfAbsent(binary, _ -> new TreeSet<>()).add(platform.toString());
    }

    // ---- what must hold

    /// After a start: whoever was told of something must find it still so.
    void restarted(Farm farm) {
        startedMs = world.nowMs();
        heardMs.clear();
        hungUpMs.clear();
        for (String request : accepted)
            if (disk.jobOf(request).isEmpty())
                throw new Violation("the job of %s was promised and is lost", request);
        Set<JobId> losers = losers();
        told.keySet()
                .removeIf(ref ->
                        losers.contains(ref.job())
                                && disk.state(ref).filter(now -> !now.ended()).isPresent());
        told.forEach((ref, state) -> {
            String now = disk.state(ref).map(StepState::toString).orElse("gone");
            if (!state.toString().equals(now))
                throw new Violation(
                        "%s was told to be %s and is %s after a restart", ref, state, now);
        });
        toldOfJobs.forEach((id, status) -> {
            String now = disk.job(id).map(j -> j.status().toString()).orElse("gone");
            if (!status.toString().equals(now))
                throw new Violation("job %s was told to be %s and is %s", id, status, now);
        });
        for (Job job : farm.jobs().values()) check(farm, job, null);
    }

    /// The coordinator answers an agent: what it no longer asks for must be safe, and what it asks
    /// for must be lent on disk.
    void answered(AgentId agent, List<Order> before, List<Order> after) {
        for (Order order : after) {
            if (!(disk.state(new StepRef(order.job(), order.step())).orElse(null)
                            instanceof StepState.Leased leased)
                    || !leased.lease().equals(order.lease())
                    || !leased.agent().equals(agent))
                throw new Violation(
                        "%s is asked for %s of %s, which is not lent to it on disk",
                        agent, order.lease(), order.step());
        }
        for (Order order : before) {
            if (after.stream().anyMatch(o -> o.lease().equals(order.lease()))) continue;
            if (disk.state(new StepRef(order.job(), order.step())).orElse(null)
                            instanceof StepState.Leased leased
                    && leased.lease().equals(order.lease()))
                throw new Violation(
                        "%s is told to forget %s, which is still lent to it on disk",
                        agent, order.lease());
        }
    }

    /// After a turn.
    // A farm keeps the very same Job until something in it changes.
    @SuppressWarnings("ReferenceEquality")
    void turned(Farm before, Farm after) {
        if (after.nextLease() < before.nextLease())
            throw new Violation("leases went back to %d", after.nextLease());
        for (Job job : after.jobs().values()) {
            Job was = before.jobs().get(job.id());
            if (job != was) check(after, job, was);
        }
        for (Agent agent : after.agents().values()) check(after, agent);
        checkKeys(after);
    }

    /// After a turn an agent that is listening has been sent what the farm now wants of it: its
    /// next report, seconds later, would only hide that it was forgotten.
    void knows(Farm farm, AgentId agent, List<Order> sent) {
        List<Order> desired = farm.desired(agent);
        if (!sent.equals(desired))
            throw new Violation("%s was sent %s and is wanted to do %s", agent, sent, desired);
        for (Order order : desired) {
            Job job = farm.job(order.job());
            job.row(order.step())
                    .step()
                    .needs()
                    .forEach((need, edge) -> {
                        if (edge == Step.Edge.HARD && !order.inputs().containsKey(need))
                            throw new Violation(
                                    "%s is to do %s without %s", agent, order.step(), need);
                    });
        }
    }

    private void check(Farm farm, Job job, @Nullable Job was) {
        int open = 0;
        if (was != null) undone(job, was);
        if (!job.running() && !retried.contains(job.id())) {
            Job.Status said = toldOfJobs.putIfAbsent(job.id(), job.status());
            if (said != null && !said.equals(job.status()))
                throw new Violation("job %s ended as %s, then %s", job.id(), said, job.status());
        }
        for (StepRow row : job.steps().values()) {
            var ref = new StepRef(job.id(), row.id());
            StepRow old = was == null ? null : was.steps().get(row.id());
            if (!row.state().ended()) open++;
            if (row.state() instanceof StepState.Done
                    || (row.state().ended() && !retried.contains(job.id()))) {
                StepState said = told.putIfAbsent(ref, row.state());
                if (said != null && !said.equals(row.state()))
                    throw new Violation("%s ended as %s, then as %s", ref, said, row.state());
            }
            if (row.state() instanceof StepState.Leased leased) {
                leasesOf.computeIfAbsent(ref, _ -> new TreeSet<>()).add(leased.lease());
                Agent holder = farm.agents().get(leased.agent());
                if (holder == null || !holder.holds(leased.lease(), ref))
                    throw new Violation("%s is lent to nobody who holds it", ref);
                if (!job.running()) throw new Violation("%s is lent though its job has ended", ref);
            }
            if (old != null) moved(ref, old, row);
            refused(job, row);
            if (old != null) lost(ref, old, row);
            if (row.lastFailure().map(f -> f.message().contains("given back here")).orElse(false))
                throw new Violation("%s was given to one agent twice under one lease", ref);
            if (row.tries() > Limits.ATTEMPTS + row.agentsLost())
                throw new Violation("%s was tried %d times", ref, row.tries());
            if (row.agentsLost() > Limits.AGENTS_LOST)
                throw new Violation("%s has cost %d agents", ref, row.agentsLost());
        }
        if (open != job.open())
            throw new Violation("%s has %d open steps, not %d", job.id(), open, job.open());
    }

    /// Jobs of which something that was made has been damaged in the store.
    private Set<JobId> losers() {
        return told.entrySet().stream()
                .filter(e ->
                        e.getValue() instanceof StepState.Done(var made, _)
                                && made.blobs().values().stream().anyMatch(blobs::wasDamaged))
                .map(e -> e.getKey().job())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// What was made is made again only in a job that lost something.
    private void undone(Job job, Job was) {
        List<StepRow> undone =
                job.steps().values().stream()
                        .filter(r -> !r.state().ended() && was.steps().containsKey(r.id()))
                        .map(r -> was.row(r.id()))
                        .filter(r -> r.state() instanceof StepState.Done)
                        .toList();
        if (undone.isEmpty()) return;
        if (!losers().contains(job.id()))
            throw new Violation("%s of %s is made again for nothing", undone, job.id());
        undone.forEach(r -> told.remove(new StepRef(job.id(), r.id())));
    }

    /// Nothing is made twice at once.
    private static void checkKeys(Farm farm) {
        var made = new TreeMap<Digest, StepRef>();
        for (Agent agent : farm.agents().values())
            for (Agent.Lent lent : agent.leases().values()) {
                if (!(farm.job(lent.ref().job()).row(lent.ref().step()).state()
                        instanceof StepState.Leased leased)) continue;
                StepRef other = made.put(leased.key(), lent.ref());
                if (other != null)
                    throw new Violation("%s and %s make the same at once", other, lent.ref());
            }
    }

    /// A result that is recalled was not refused before.
    void recalled(Outcome.Made made) {
        for (Blob blob : made.blobs().values())
            if (refused.contains(blob.digest()))
                throw new Violation("what the gate refused is recalled: %s", blob.digest());
    }

    private void refused(Job job, StepRow row) {
        if (!(row.step().work() instanceof Work.Verify)
                || !(row.state() instanceof StepState.Failed(Failure failure))
                || failure.kind() != Failure.Kind.NOT_STATIC) return;
        for (StepId need : row.step().needs().keySet())
            if (job.row(need).state() instanceof StepState.Done(var made, _))
                made.blobs().values().forEach(b -> refused.add(b.digest()));
    }

    private void moved(StepRef ref, StepRow old, StepRow row) {
        Outcome.Made made =
                switch (row.state()) {
                    case StepState.Done(var m, _) -> m;
                    case StepState.Growing(var m, _) -> m;
                    case StepState.Waiting _,
                            StepState.Recalling _,
                            StepState.Ready _,
                            StepState.Leased _,
                            StepState.Running _,
                            StepState.Failed _,
                            StepState.Cancelled _ ->
                            null;
                };
        if (made == null || !(old.state() instanceof StepState.Leased leased)) return;
        Outcome truth = outcomes.get(leased.lease());
        if (!made.equals(truth))
            throw new Violation(
                    "%s is done with a result that %s did not give", ref, leased.lease());
        for (Blob blob : made.blobs().values())
            if (!blobs.wasStored(blob) && !neverSent.contains(blob.digest()))
                throw new Violation("%s is done with a blob that was never stored", ref);
    }

    /// Whoever speaks is not silent.
    private void lost(StepRef ref, StepRow old, StepRow row) {
        if (row.agentsLost() <= old.agentsLost()
                || !(old.state() instanceof StepState.Leased leased)) return;
        String why = row.lastFailure().map(Failure::message).orElse("");
        if (why.contains("went away") && !hungUpMs.containsKey(leased.agent()))
            throw new Violation("%s is taken from %s, which never left", ref, leased.agent());
        if (why.contains("started anew")
                && Long.valueOf(leased.incarnation()).equals(living.get(leased.agent())))
            throw new Violation(
                    "%s is taken from %s, which was not started anew", ref, leased.agent());
        Long heard = heardMs.get(leased.agent());
        // What was heard in this very turn may have come after the loss.
        if (why.contains("said nothing")
                && heard != null
                && heard < world.nowMs()
                && world.nowMs() - heard < SPEAKS_MS)
            throw new Violation(
                    "%s is taken from %s, which spoke %d ms ago",
                    ref, leased.agent(), world.nowMs() - heard);
    }

    /// Whoever is silent or gone loses its leases in time.
    private void checkTime(Agent agent) {
        if (agent.leases().isEmpty() || world.clockIsOdd()) return;
        long now = world.nowMs();
        long heard = Math.max(startedMs, heardMs.getOrDefault(agent.id(), 0L));
        if (now - heard > SILENT_MS)
            throw new Violation(
                    "%s said nothing for %d ms and keeps its leases", agent.id(), now - heard);
        Long hungUp = hungUpMs.get(agent.id());
        if (hungUp != null && hungUp > heard && now - hungUp > GONE_MS)
            throw new Violation(
                    "%s hung up %d ms ago and keeps its leases", agent.id(), now - hungUp);
    }

    private void check(Farm farm, Agent agent) {
        checkTime(agent);
        agent.leases()
                .forEach((lease, lent) -> {
                    boolean isLent =
                            farm.find(lent.ref().job())
                                    .map(j -> j.row(lent.ref().step()).state())
                                    .filter(StepState.Leased.class::isInstance)
                                    .map(StepState.Leased.class::cast)
                                    .filter(l -> l.lease().equals(lease))
                                    .isPresent();
                    if (!isLent)
                        throw new Violation("%s holds %s, which nobody lent", agent.id(), lease);
                });
        if (agent.leases().size() > agent.facts().slots() + 8 && agent.facts().slots() > 0)
            throw new Violation("%s holds %d leases", agent.id(), agent.leases().size());
    }

    void published(JobId job, Map<Platform, Blob> index) {
        JobSpec spec = specs.get(job);
        if (spec == null) throw new Violation("a job that nobody submitted publishes");
        for (JobSpec.Wanted wanted : spec.platforms())
            if (wanted.required() && !index.containsKey(wanted.platform()))
                throw new Violation("job %s publishes without %s", job, wanted.platform());
        index.forEach((platform, binary) -> {
            if (!verified.getOrDefault(binary.digest(), Set.of()).contains(platform.toString()))
                throw new Violation(
                        "job %s publishes a binary for %s that was not verified", job, platform);
        });
        if (toldOfJobs.get(job) instanceof Job.Status.Cancelled)
            excuse(job, "it was cancelled while its tag moved");
    }

    /// Once nothing fails any more and time went by. A step that three agents took may have lost
    /// all three by chance, and is then stopped as the likely cause.
    void ended(Farm farm) {
        for (String request : accepted) {
            Job job =
                    disk.jobOf(request)
                            .orElseThrow(() -> new Violation("the job of %s is lost", request));
            JobId id = job.id();
            if (job.running())
                throw new Violation(
                        "job %s has not ended %d s after the faults did: %s",
                        id,
                        world.nowMs() / 1000,
                        farm.find(id)
                                .map(j ->
                                        j.steps().values().stream()
                                                .filter(r -> !r.state().ended())
                                                .map(r -> r.id() + " " + r.state())
                                                .toList()
                                                .toString())
                                .orElse("not in memory"));
            if (job.status() instanceof Job.Status.Done) checkPackages(job);
            if (job.status() instanceof Job.Status.Failed(StepId step, var failure)
                    && failure.kind() == Failure.Kind.INPUT_LOST
                    && job.row(step).step().needs().keySet().stream()
                            .noneMatch(need -> job.row(need).tries() >= Limits.ATTEMPTS))
                throw new Violation(
                        "job %s gave up at %s, whose needs can be made again: %s",
                        id, step, failure.message());
            if (job.status() instanceof Job.Status.Failed(StepId step, var failure)
                    && excuses.getOrDefault(id, Set.of()).isEmpty()
                    && job.row(step).attempts() < Limits.AGENTS_LOST)
                throw new Violation(
                        "job %s failed at %s for nothing: %s", id, step, failure.message());
        }
        disk.checkRequests();
        if (!farm.busy().isEmpty()) throw new Violation("keys stay busy: %s", farm.busy());
    }

    /// A job that names packages is not done without them.
    private static void checkPackages(Job job) {
        if (job.spec().portage().packages().isEmpty()) return;
        for (JobSpec.Wanted wanted : job.spec().platforms()) {
            boolean built =
                    job.steps().values().stream()
                            .filter(r -> r.state() instanceof StepState.Done)
                            .map(r -> r.step().work())
                            .anyMatch(w ->
                                    w instanceof Work.PackageBuild p
                                            && p.target().equals(wanted.target()));
            if (wanted.required() && !built)
                throw new Violation(
                        "job %s is done without packages for %s", job.id(), wanted.platform());
        }
    }

    /// How many steps were started in all.
    long starts() {
        return starts;
    }
}
