package rookery.coordinator.farm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.stream.Stream;
import rookery.coordinator.plan.Planner;
import rookery.coordinator.plan.Step;
import rookery.model.AgentFacts;
import rookery.model.JobSpec;
import rookery.model.Target;
import rookery.model.Work;

/// Who may do a step at all, and in words what those lack who may not. Who of them gets it is
/// [Placement]'s.
public final class Scheduler {
    /// Things that a spec asks for in vain, told at once; a person mends one and asks again.
    private static final int TOLD = 5;

    private Scheduler() {}

    /// What of a spec none of these agents could do, as far as CHOSTs, toolchains and labels tell,
    /// in one sentence; empty when nothing is.
    public static Optional<String> impossible(JobSpec spec, Collection<Agent> agents) {
        SortedSet<String> labels = spec.farm().labels();
        SequencedMap<String, String> told = new LinkedHashMap<>();
        for (Step step : Planner.initial(spec, false, false)) {
            if (!(step.work() instanceof Work.OnAgent work) || told.size() == TOLD) continue;
            if (present(agents).anyMatch(a -> lacking(a.facts(), work, labels).isEmpty())) continue;
            String lack = nearest(agents, work, labels);
            told.putIfAbsent(lack, step.id() + ": " + lack);
        }
        if (told.isEmpty()) return Optional.empty();
        return Optional.of("no agent can do " + String.join("; nor ", told.values()));
    }

    private static Stream<Agent> present(Collection<Agent> agents) {
        return agents.stream().filter(a -> a.goneSince().isEmpty() && a.facts().slots() > 0);
    }

    /// Which agent is nearest to being able, and what it lacks.
    static String nearest(Collection<Agent> agents, Work.OnAgent work, SortedSet<String> labels) {
        return present(agents)
                .min(
                        Comparator.comparingInt(
                                        (Agent a) -> lacking(a.facts(), work, labels).size())
                                .thenComparing(Agent::id))
                .map(a ->
                        "the nearest, "
                                + a.id()
                                + ", lacks "
                                + String.join(" and ", lacking(a.facts(), work, labels)))
                .orElse("there is no agent");
    }

    /// In words, what an agent lacks for the work; empty when it can do it.
    static List<String> lacking(AgentFacts facts, Work.OnAgent work, SortedSet<String> labels) {
        var lacking = new ArrayList<String>();
        labels.stream()
                .filter(l -> !facts.labels().contains(l))
                .forEach(l -> lacking.add("the label '" + l + "'"));
        switch (work) {
            case Work.Resolve w -> toolchain(facts, w.toolchain(), lacking);
            case Work.PackageBuild w -> toolchain(facts, w.toolchain(), lacking);
            case Work.GoBuild w -> toolchain(facts, w.toolchain(), lacking);
            case Work.Run w -> emulator(facts, w.wanted().target(), lacking);
            case Work.Modules _, Work.Fetch _ -> {}
        }
        return List.copyOf(lacking);
    }

    private static void toolchain(
            AgentFacts facts, rookery.model.Toolchain wanted, List<String> lacking) {
        if (!facts.toolchains().containsKey(wanted))
            lacking.add("the toolchain '" + wanted.word() + "'");
    }

    private static void emulator(AgentFacts facts, Target target, List<String> lacking) {
        if (!facts.emulators().containsKey(target.architecture())) {
            lacking.add(
                    "a way to run "
                            + target.platform()
                            + " (qemu-"
                            + target.emulator().orElse("?")
                            + "-static of the package qemu-user-static)");
        }
    }
}
