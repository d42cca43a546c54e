package rookery.coordinator.web.page;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import rookery.coordinator.farm.Agent;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Standing;
import rookery.coordinator.farm.StepRow;
import rookery.model.Toolchain;

/// The agents.
///
/// @param whole whether everything known of them is told, or a line each
/// @param hidden how many more there are that have no line
public record Fleet(boolean whole, List<AgentLine> agents, int hidden) implements Panel {
    /// Agents on one page.
    static final int LINES = 200;

    private static final int BRIEF_LINES = 12;
    private static final int WORD_CHARS = 120;

    public Fleet {
        agents = List.copyOf(agents);
    }

    /// @param standing in a word, as `open`, `away`, `drained`
    /// @param remark why it stands so; empty when it is simply there
    /// @param since when it went; empty while it is connected
    public record AgentLine(
            String id,
            String standing,
            String remark,
            Optional<Instant> since,
            String machine,
            List<String> offers,
            List<String> labels,
            int busy,
            int slots,
            List<LeaseLine> leases) {
        public AgentLine {
            offers = List.copyOf(offers);
            labels = List.copyOf(labels);
            leases = List.copyOf(leases);
        }
    }

    public record LeaseLine(String step, String link, String phase, Span span) {}

    static Fleet of(Farm farm, boolean whole) {
        int limit = whole ? LINES : BRIEF_LINES;
        List<AgentLine> lines =
                farm.agents().values().stream()
                        .sorted(
                                Comparator.comparing((Agent a) -> a.goneSince().isPresent())
                                        .thenComparing(Agent::id))
                        .limit(limit)
                        .map(a -> line(farm, a))
                        .toList();
        return new Fleet(whole, lines, Math.max(0, farm.agents().size() - limit));
    }

    private static AgentLine line(Farm farm, Agent agent) {
        var facts = agent.facts();
        var offers = new ArrayList<String>();
        facts.toolchains().keySet().stream().map(Toolchain::word).forEach(offers::add);
        if (!facts.goVersion().isEmpty()) offers.add(Clean.line(facts.goVersion(), WORD_CHARS));
        if (!facts.emulators().isEmpty())
            offers.add(
                    "runs " + Clean.line(String.join(" ", facts.emulators().keySet()), WORD_CHARS));
        return new AgentLine(
                agent.id().value(),
                standing(agent),
                remark(agent),
                agent.goneSince(),
                Clean.line(facts.buildArchitecture(), WORD_CHARS)
                        + ", "
                        + Words.count(facts.cores(), "core")
                        + ", "
                        + Words.size(facts.memoryBytes()),
                offers,
                facts.labels().stream().map(l -> Clean.line(l, WORD_CHARS)).toList(),
                agent.leases().size(),
                facts.slots(),
                agent.leases().values().stream().map(lent -> lease(farm, lent)).toList());
    }

    /// In a word, as the command line says it.
    static String standing(Agent agent) {
        if (agent.goneSince().isPresent()) return "away";
        Standing standing = agent.conduct().standing();
        return (agent.draining() && standing == Standing.OPEN ? Standing.DRAINING : standing)
                .name()
                .toLowerCase(Locale.ROOT);
    }

    private static String remark(Agent agent) {
        var conduct = agent.conduct();
        String why = conduct.why();
        if (why.isEmpty()) return agent.draining() ? "it is about to leave" : "";
        return Clean.line(conduct.trial() ? why + "; on probation, one step at a time" : why, 240);
    }

    private static LeaseLine lease(Farm farm, Agent.Lent lent) {
        Optional<StepRow> row =
                farm.find(lent.ref().job()).map(j -> j.steps().get(lent.ref().step()));
        return new LeaseLine(
                lent.ref().toString(),
                Links.step(lent.ref()),
                row.map(r -> Clean.line(r.phase(), WORD_CHARS)).orElse(""),
                row.map(r -> new Span(r.startedAt(), r.endedAt())).orElse(Span.NONE));
    }
}
