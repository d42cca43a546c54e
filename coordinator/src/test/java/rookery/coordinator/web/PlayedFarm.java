package rookery.coordinator.web;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import rookery.coordinator.Given;
import rookery.coordinator.farm.Effect;
import rookery.coordinator.farm.Event;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Rules;
import rookery.coordinator.farm.Standing;
import rookery.coordinator.farm.StepState;
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
import rookery.model.Target;
import rookery.model.Work;

/// A real farm whose agents are played, for what looks at it. One thread plays; any may look.
public final class PlayedFarm {
    private static final Duration STEP = Duration.ofMillis(1_700);
    private static final Duration BEAT = Duration.ofSeconds(5);
    private volatile Farm farm = Farm.empty(new Rules(true, "1"), 1);
    private Instant now = Given.T0;
    private final Map<AgentId, AgentFacts> agents = new TreeMap<>();
    private final Map<StepId, Failure> refused = new TreeMap<>();
    private Function<Target, MergeGraph> graph = Given::graph;

    public Farm farm() {
        return farm;
    }

    public Instant now() {
        return now;
    }

    public PlayedFarm graph(Function<Target, MergeGraph> of) {
        graph = of;
        return this;
    }

    public PlayedFarm submit(String id, JobSpec spec, boolean push) {
        return feed(
                new Event.Submitted(now, new JobId(id), "request-" + id, spec, push, false, false));
    }

    public PlayedFarm agent(String id, AgentFacts facts) {
        agents.put(new AgentId(id), facts);
        return say(new AgentId(id), Map.of());
    }

    public PlayedFarm vanish(String id) {
        agents.remove(new AgentId(id));
        return feed(new Event.Vanished(now, new AgentId(id), 1));
    }

    public PlayedFarm rule(String id, Standing standing) {
        return feed(new Event.Ruled(now, new AgentId(id), standing));
    }

    public PlayedFarm cancel(String job) {
        return feed(new Event.CancelAsked(now, new JobId(job)));
    }

    /// What the coordinator's own step will say.
    public PlayedFarm refuse(String step, Failure failure) {
        refused.put(new StepId(step), failure);
        return this;
    }

    /// Time goes by, and agents keep saying that they are there.
    public PlayedFarm pass(Duration time) {
        Instant end = now.plus(time);
        while (now.isBefore(end)) {
            Instant next = now.plus(BEAT);
            now = next.isBefore(end) ? next : end;
            agents.keySet().forEach(a -> say(a, Map.of()));
            feed(new Event.Ticked(now, false));
        }
        return this;
    }

    public PlayedFarm phase(String step, String phase) {
        Held held = held(step);
        return say(held.agent, Map.of(held.order, new Doing.Running(held.order.lease(), phase)));
    }

    public PlayedFarm finish(String step) {
        Held held = held(step);
        return say(
                held.agent,
                Map.of(held.order, new Doing.Finished(held.order.lease(), made(held.order))));
    }

    public PlayedFarm fail(String step, Failure failure) {
        Held held = held(step);
        return say(
                held.agent,
                Map.of(
                        held.order,
                        new Doing.Finished(held.order.lease(), new Outcome.Broke(failure))));
    }

    /// Everything that is lent out, until nothing is, save for these.
    public PlayedFarm finishAllBut(String... steps) {
        List<String> kept = List.of(steps);
        for (int i = 0; i < 5_000; i++) {
            Optional<Order> next =
                    agents.keySet().stream()
                            .flatMap(a -> farm.desired(a).stream())
                            .filter(o -> !kept.contains(o.step().value()))
                            .findFirst();
            if (next.isEmpty()) return this;
            pass(STEP);
            if (!isLent(next.get().step().value())) continue;
            finish(next.get().step().value());
        }
        throw new IllegalStateException("the farm never comes to an end");
    }

    public boolean isLent(String step) {
        return agents.keySet().stream()
                .flatMap(a -> farm.desired(a).stream())
                .anyMatch(o -> o.step().value().equals(step));
    }

    public StepState state(String job, String step) {
        return farm.job(new JobId(job)).row(new StepId(step)).state();
    }

    private record Held(AgentId agent, Order order) {}

    private Held held(String step) {
        for (AgentId agent : agents.keySet())
            for (Order order : farm.desired(agent))
                if (order.step().value().equals(step)) return new Held(agent, order);
        throw new IllegalStateException(
                "no agent holds "
                        + step
                        + "; "
                        + farm.jobs().values().stream()
                                .flatMap(j -> j.steps().values().stream())
                                .filter(r -> r.id().value().equals(step))
                                .map(r -> r.state() + " after " + r.lastFailure())
                                .toList());
    }

    private PlayedFarm say(AgentId agent, Map<Order, Doing> news) {
        Map<Order, Doing> doing = new LinkedHashMap<>();
        for (Order order : farm.desired(agent))
            doing.put(order, new Doing.Running(order.lease(), phaseOf(order)));
        doing.putAll(news);
        AgentFacts facts = agents.get(agent);
        if (facts == null) throw new IllegalStateException("no agent " + agent);
        return feed(
                new Event.Reported(now, agent, 1, facts, new ArrayList<>(doing.values()), false));
    }

    private String phaseOf(Order order) {
        return farm.job(order.job()).row(order.step()).phase();
    }

    private PlayedFarm feed(Event event) {
        Farm.Transition moved = Farm.apply(farm, event);
        farm = moved.farm();
        moved.effects().forEach(this::answer);
        return this;
    }

    private void answer(Effect effect) {
        switch (effect) {
            case Effect.Recall e -> feed(new Event.Recalled(now, e.step(), Optional.empty()));
            case Effect.ReadGraph e -> {
                var work =
                        (Work.Resolve) farm.job(e.step().job()).row(e.step().step()).step().work();
                feed(
                        new Event.Planned(
                                now, e.step(), new Event.Graph.Read(graph.apply(work.target()))));
            }
            case Effect.Execute e -> {
                Failure no = refused.get(e.step().step());
                Outcome outcome =
                        no != null ? new Outcome.Broke(no) : own(e.step().step(), e.work());
                feed(new Event.Ran(now, e.step(), e.attempt(), outcome));
            }
        }
    }

    private static Outcome.Made own(StepId step, Work.InCoordinator work) {
        Outcome.Made made =
                Given.made(work instanceof Work.Verify ? "binary" : "index", "made by " + step);
        if (!(work instanceof Work.Verify)) return made;
        var notes = new TreeMap<>(made.notes());
        notes.put("summary", "static, no interpreter, musl");
        return new Outcome.Made(made.blobs(), made.identity(), notes);
    }

    private static Outcome.Made made(Order order) {
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
}
