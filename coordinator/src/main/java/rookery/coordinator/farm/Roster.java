package rookery.coordinator.farm;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.SortedSet;
import rookery.coordinator.plan.StepKey;
import rookery.model.AgentFacts;
import rookery.model.Outcome;
import rookery.model.StepId;
import rookery.model.Work;
import rookery.oci.Digest;

/// The kinds of agents that are connected: a thousand equal machines are one kind, so that nothing
/// that is asked for each step costs more with more of them.
///
/// @param kinds what each kind is able to do; how large an agent is does not make it another kind
public record Roster(List<AgentFacts> kinds) {
    static final Roster NOBODY = new Roster(List.of());

    public Roster {
        kinds = List.copyOf(kinds);
    }

    static Roster of(Collection<Agent> agents) {
        SequencedSet<AgentFacts> kinds = new LinkedHashSet<>();
        for (Agent agent : agents) {
            AgentFacts facts = agent.facts();
            if (agent.goneSince().isEmpty() && facts.slots() > 0) kinds.add(sizeless(facts));
        }
        return new Roster(List.copyOf(kinds));
    }

    private static AgentFacts sizeless(AgentFacts facts) {
        return new AgentFacts(
                facts.buildArchitecture(),
                facts.hostTools(),
                facts.goVersion(),
                facts.toolchains(),
                facts.emulators(),
                0,
                0,
                0,
                facts.labels());
    }

    /// Whether a change from one set of facts to another may change the roster.
    static boolean same(AgentFacts a, AgentFacts b) {
        return a.slots() > 0 == b.slots() > 0 && sizeless(a).equals(sizeless(b));
    }

    /// Whether an agent of these facts is of that kind.
    static boolean isKind(AgentFacts facts, AgentFacts kind) {
        return facts.slots() > 0 && sizeless(facts).equals(kind);
    }

    /// Every name that the result would have if one of these agents made it; none when nobody can.
    List<Digest> names(
            Work.OnAgent work,
            SortedMap<StepId, Outcome.Made> inputs,
            SortedSet<String> labels,
            String trustDomain) {
        return kinds.stream()
                .filter(facts -> Scheduler.lacking(facts, work, labels).isEmpty())
                .map(facts -> StepKey.onAgent(work, inputs, facts, trustDomain))
                .distinct()
                .toList();
    }

    boolean isAble(Work.OnAgent work, SortedSet<String> labels) {
        return kinds.stream().anyMatch(f -> Scheduler.lacking(f, work, labels).isEmpty());
    }

    /// Steps for which this is equal ask for the same: an agent that can do one can do the other.
    static String asked(Work.OnAgent work, SortedSet<String> labels) {
        String machine =
                switch (work) {
                    case Work.Resolve w -> w.toolchain().word();
                    case Work.PackageBuild w -> w.toolchain().word();
                    case Work.GoBuild w -> w.toolchain().word();
                    case Work.Run w -> "run " + w.wanted().target().architecture();
                    case Work.Modules _, Work.Fetch _ -> "";
                };
        return machine + "\n" + String.join("\n", labels);
    }
}
