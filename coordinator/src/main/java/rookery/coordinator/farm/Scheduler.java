package rookery.coordinator.farm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import rookery.model.AgentFacts;
import rookery.model.AgentId;
import rookery.model.Target;
import rookery.model.Work;

/// Who may do a step, and who gets it.
final class Scheduler {
    private Scheduler() {}

    /// The connected agents that are able to do the work and whose labels fit; order is by id.
    static List<Agent> able(Collection<Agent> agents, Work.OnAgent work, SortedSet<String> labels) {
        return agents.stream()
                .filter(a -> a.goneSince().isEmpty() && a.facts().slots() > 0)
                .filter(a -> lacking(a.facts(), work, labels).isEmpty())
                .toList();
    }

    /// The agent that gets the step: of those that are able and not shunned, the one with most
    /// room.
    static Optional<Agent> place(List<Agent> able, Work.OnAgent work, SortedSet<AgentId> avoid) {
        boolean light = isLight(work);
        return able.stream()
                .filter(a -> a.takesWork(light) && !avoid.contains(a.id()))
                .min(
                        Comparator.comparingLong((Agent a) -> -a.room(light))
                                .thenComparing(Agent::id));
    }

    static boolean isLight(Work.OnAgent work) {
        return switch (work) {
            case Work.Modules _, Work.Fetch _, Work.Run _ -> true;
            case Work.Resolve _, Work.PackageBuild _, Work.GoBuild _ -> false;
        };
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
