package rookery.coordinator.farm;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import rookery.coordinator.Given;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.Doing;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.MergeGraph;
import rookery.model.Order;
import rookery.model.Outcome;
import rookery.model.StepId;
import rookery.model.Work;
import rookery.oci.Digest;

/// A farm, the results that its store knows, and what happened to it so far: lets a test tell a
/// story line by line. Looking results up, reading graphs and the coordinator's own steps are
/// answered at once unless a test does it.
final class History {
    static final JobId JOB = new JobId("j1");
    static final AgentId A1 = new AgentId("a1");
    static final AgentId A2 = new AgentId("a2");

    private static final int SHORT = 64;
    private int fed;
    Farm farm;
    Instant now = Given.T0;
    final NavigableMap<Digest, Outcome.Made> known = new TreeMap<>();
    final SortedMap<StepId, Failure> refused = new TreeMap<>();
    final SortedSet<Digest> lost = new TreeSet<>();
    final List<StepId> executed = new ArrayList<>();

    History(boolean agentsMayJoin) {
        farm = Farm.empty(new Rules(agentsMayJoin, "1"), 1);
    }

    static History withAgent(AgentFacts facts) {
        var history = new History(false);
        history.report(A1, 1, facts);
        return history;
    }

    History submit(JobId id, JobSpec spec) {
        return feed(new Event.Submitted(now, id, "request-" + id, spec, false, false, false));
    }

    History submit(JobSpec spec) {
        return submit(JOB, spec);
    }

    History report(AgentId agent, long incarnation, AgentFacts facts, Doing... doing) {
        return feed(new Event.Reported(now, agent, incarnation, facts, List.of(doing), false));
    }

    History drain(AgentId agent, long incarnation, AgentFacts facts) {
        return feed(new Event.Reported(now, agent, incarnation, facts, List.of(), true));
    }

    History rule(AgentId agent, Standing standing) {
        return feed(new Event.Ruled(now, agent, standing));
    }

    /// Hands in a failure for every step that the agent holds.
    History breakAll(AgentId agent, AgentFacts facts, Failure failure) {
        var doing = new ArrayList<Doing>();
        for (Order order : orders(agent))
            doing.add(new Doing.Finished(order.lease(), new Outcome.Broke(failure)));
        return report(agent, 1, facts, doing.toArray(Doing[]::new));
    }

    History pass(Duration time) {
        now = now.plus(time);
        return feed(new Event.Ticked(now, false));
    }

    History feed(Event event) {
        Farm.Transition moved = Farm.apply(farm, event);
        farm = moved.farm();
        // A long history is looked at now and then, a short one always.
        if (++fed < SHORT || fed % SHORT == 0) Indexes.check(farm);
        for (Changes.Row saved : moved.changes().steps().values()) {
            if (saved.row().state() instanceof StepState.Done(var made, var origin))
                origin.ifPresent(o -> known.put(o.key(), made));
        }
        moved.effects().forEach(this::answer);
        return this;
    }

    private Event recalled(Effect.Recall e) {
        Optional<Outcome.Made> found =
                e.keys().stream()
                        .filter(known::containsKey)
                        .findFirst()
                        .map(known::get)
                        .filter(made -> !lost.contains(made.identity()));
        SortedSet<StepId> gone = new TreeSet<>();
        e.inputs()
                .forEach((step, made) -> {
                    if (lost.contains(made.identity())) gone.add(step);
                });
        return found.isPresent() || gone.isEmpty()
                ? new Event.Recalled(now, e.step(), found)
                : new Event.InputsLost(now, e.step(), gone);
    }

    private void answer(Effect effect) {
        switch (effect) {
            case Effect.Recall e -> feed(recalled(e));
            case Effect.ReadGraph e -> {
                MergeGraph graph =
                        Given.graph(((Work.Resolve) row(e.step()).step().work()).target());
                feed(new Event.Planned(now, e.step(), new Event.Graph.Read(graph)));
            }
            case Effect.Execute e -> {
                executed.add(e.step().step());
                Failure no = refused.get(e.step().step());
                String role = e.work() instanceof Work.Verify ? "binary" : "index";
                Outcome outcome =
                        no != null
                                ? new Outcome.Broke(no)
                                : Given.made(role, e.step().step() + " of " + e.inputs().keySet());
                feed(new Event.Ran(now, e.step(), e.attempt(), outcome));
            }
        }
    }

    List<Order> orders(AgentId agent) {
        return farm.desired(agent);
    }

    Optional<Order> order(AgentId agent, String step) {
        return orders(agent).stream().filter(o -> o.step().value().equals(step)).findFirst();
    }

    /// The agent makes whatever it is asked for until nothing is left.
    History workAll(AgentId agent, long incarnation, AgentFacts facts) {
        for (int i = 0; i < 1_000 && !orders(agent).isEmpty(); i++) {
            Order order = orders(agent).getFirst();
            report(agent, incarnation, facts, new Doing.Finished(order.lease(), make(order)));
        }
        return this;
    }

    static Outcome.Made make(Order order) {
        return Given.made(
                switch (order.work()) {
                    case Work.Modules _ -> "modules";
                    case Work.Resolve _ -> "graph";
                    case Work.Fetch _ -> "distfile";
                    case Work.PackageBuild _ -> "gpkg";
                    case Work.GoBuild _ -> "binary";
                    case Work.Run _ -> "nothing";
                },
                "made by " + order.step());
    }

    StepRow row(StepRef ref) {
        return farm.job(ref.job()).row(ref.step());
    }

    StepState state(String step) {
        return row(new StepRef(JOB, new StepId(step))).state();
    }

    Job job() {
        return farm.job(JOB);
    }
}
