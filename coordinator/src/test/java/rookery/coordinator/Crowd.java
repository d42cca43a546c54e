package rookery.coordinator;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import rookery.coordinator.farm.Changes;
import rookery.coordinator.farm.Effect;
import rookery.coordinator.farm.Event;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Rules;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.Distfile;
import rookery.model.Doing;
import rookery.model.JobId;
import rookery.model.JobSpec;
import rookery.model.MergeGraph;
import rookery.model.Order;
import rookery.model.Outcome;
import rookery.model.Target;
import rookery.model.Work;

/// Many jobs whose graphs are read and of which little is done, made by the farm's own events: what
/// a busy coordinator has on its disk.
final class Crowd {
    private static final int PACKAGES = 40;
    private static final int NEEDS = 4;
    private static final int URIS = 2;
    private static final int AGENTS = 100;
    private static final AgentFacts FACTS = Given.facts(3, "amd64", "arm64", "riscv64");
    private static final JobSpec SPEC =
            Given.spec(
                    List.of("net-misc/curl", "media-libs/libheif"),
                    Given.required(Given.AMD64),
                    Given.required(Given.ARM64),
                    Given.optional(Given.RISCV64));

    private final Instant now;
    private final Consumer<Changes> saver;
    private long nextLease;

    /// @param saver is given what must be saved
    Crowd(Instant now, long nextLease, Consumer<Changes> saver) {
        this.now = now;
        this.nextLease = nextLease;
        this.saver = saver;
    }

    /// Makes jobs until there are this many unfinished steps.
    ///
    /// @return how many there are
    int grow(int steps) {
        int open = 0;
        for (int number = 0; open < steps; number++) open += job(number);
        return open;
    }

    /// Each job is made in a farm of its own, so that making many is not what is measured.
    private int job(int number) {
        var id = new JobId("j" + number);
        Farm farm = Farm.empty(new Rules(true, "1"), nextLease);
        Deque<Event> events = new ArrayDeque<>();
        var agent = new AgentId("crowd-" + number % AGENTS);
        events.add(report(agent, List.of()));
        events.add(submission(now, number));
        while (!events.isEmpty()) {
            Farm.Transition moved = Farm.apply(farm, events.remove());
            farm = moved.farm();
            saver.accept(moved.changes());
            for (Effect effect : moved.effects()) answer(effect, number).ifPresent(events::add);
            List<Doing> resolved = resolved(farm, agent);
            if (events.isEmpty() && !resolved.isEmpty()) events.add(report(agent, resolved));
        }
        nextLease = farm.nextLease();
        return farm.job(id).open();
    }

    private Event report(AgentId agent, List<Doing> doing) {
        return new Event.Reported(now, agent, 1, FACTS, doing, false);
    }

    private static List<Doing> resolved(Farm farm, AgentId agent) {
        var doing = new ArrayList<Doing>();
        for (Order order : farm.desired(agent)) {
            if (order.work() instanceof Work.Resolve)
                doing.add(
                        new Doing.Finished(
                                order.lease(),
                                Given.made("graph", order.job() + " " + order.step())));
        }
        return doing;
    }

    private Optional<Event> answer(Effect effect, int number) {
        return switch (effect) {
            case Effect.Recall e ->
                    Optional.of(new Event.Recalled(now, e.step(), Optional.empty()));
            case Effect.ReadGraph e ->
                    Optional.of(
                            new Event.Planned(
                                    now, e.step(), new Event.Graph.Read(graph(e, number))));
            case Effect.Execute e ->
                    Optional.of(
                            new Event.Ran(
                                    now,
                                    e.step(),
                                    e.attempt(),
                                    new Outcome.Broke(
                                            new rookery.model.Failure(
                                                    rookery.model.Failure.Kind.BUG,
                                                    "nothing runs here"))));
        };
    }

    /// A job of the crowd as it is submitted.
    static Event.Submitted submission(Instant now, int number) {
        return new Event.Submitted(
                now, new JobId("j" + number), "request-" + number, SPEC, true, false, false);
    }

    static MergeGraph graph(Effect.ReadGraph effect, int number) {
        Target target =
                List.of(Given.AMD64, Given.ARM64, Given.RISCV64).stream()
                        .filter(t -> effect.step().step().value().endsWith(t.chost()))
                        .findFirst()
                        .orElseThrow();
        var nodes = new ArrayList<MergeGraph.Node>();
        for (int i = 0; i < PACKAGES; i++) {
            var needs = new ArrayList<String>();
            for (int n = Math.max(0, i - NEEDS); n < i; n++) needs.add(cpv(n));
            nodes.add(
                    new MergeGraph.Node(
                            cpv(i),
                            "0/" + i,
                            "gentoo",
                            List.of("static-libs", "ssl", "-doc", "-test", "zstd"),
                            Given.digest("ebuild " + i + " of job " + number).hex(),
                            new TreeMap<>(),
                            List.of(distfile(i)),
                            needs));
        }
        return new MergeGraph(target.chost(), nodes);
    }

    private static String cpv(int number) {
        return "dev-libs/library-number-" + number + "-1." + number + ".3-r1";
    }

    private static Distfile distfile(int number) {
        String hash = Given.digest("distfile " + number).hex().repeat(2);
        var uris = new ArrayList<String>();
        for (int i = 0; i < URIS; i++)
            uris.add("https://mirror" + i + ".example/distfiles/library-" + number + ".tar.xz");
        return new Distfile("library-" + number + ".tar.xz", 1 << 20, hash, hash, uris);
    }
}
