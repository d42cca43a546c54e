package rookery.coordinator.farm;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import rookery.model.AgentFacts;
import rookery.model.Target;
import rookery.model.Work;

/// Who may do a step, and who gets it.
final class Scheduler {
    private Scheduler() {}

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
