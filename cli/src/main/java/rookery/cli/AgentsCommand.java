package rookery.cli;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import rookery.cli.farm.Calls;
import rookery.cli.farm.FarmClient;
import rookery.cli.farm.JobViews;
import rookery.cli.view.FarmJson;
import rookery.cli.view.Table;
import rookery.cli.view.Times;
import rookery.oci.json.Json;
import rookery.v1.AgentView;
import rookery.v1.LeaseView;
import rookery.v1.ListAgentsRequest;

/// `rookery agents`.
@Command(
        name = "agents",
        description = "Lists a farm's agents: what they can do, how they stand, what they are at.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  rookery agents",
            "  rookery agents --output json | jq '.agents[] | select(.standing!=\"open\")'"
        })
final class AgentsCommand implements Callable<Integer> {
    private final Context context;

    @Mixin private RemoteOptions remote = new RemoteOptions();

    AgentsCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (FarmClient farm = remote.open(context)) {
            List<AgentView> agents =
                    Calls.make(
                            farm,
                            "listing the agents",
                            () ->
                                    Calls.soon(farm.admin())
                                            .listAgents(ListAgentsRequest.getDefaultInstance())
                                            .getAgentsList());
            var out = new LinkedHashMap<String, Json>();
            out.put("agents", new Json.Arr(agents.stream().map(AgentsCommand::json).toList()));
            remote.print(
                    context,
                    new Json.Obj(out),
                    text -> table(agents).lines(context.terminal().out()).forEach(text::println));
            return ExitCodes.OK;
        }
    }

    private Table table(List<AgentView> agents) {
        Instant now = context.clock().instant();
        var table =
                new Table(
                        "AGENT",
                        "STANDING",
                        "CPU",
                        "CORES",
                        "MEMORY",
                        "SLOTS",
                        "AT WORK",
                        "SEEN",
                        "VERSION",
                        "LABELS",
                        "WHY");
        for (AgentView agent : agents) {
            var facts = agent.getFacts();
            table.add(
                    agent.getAgent(),
                    agent.getStanding() + (agent.getConnected() ? "" : " (away)"),
                    facts.getBuildArchitecture(),
                    Integer.toString(facts.getCores()),
                    Times.size(facts.getMemoryBytes()),
                    Integer.toString(facts.getSlots()),
                    Integer.toString(agent.getLeasesCount()),
                    Times.from(JobViews.time(agent.getSeenMs()), now),
                    agent.getSoftware(),
                    String.join(",", facts.getLabelsList()),
                    agent.getWhy());
        }
        return table;
    }

    private static Json json(AgentView agent) {
        var facts = agent.getFacts();
        var out = new LinkedHashMap<String, Json>();
        out.put("agent", Json.text(agent.getAgent()));
        out.put("standing", Json.text(agent.getStanding()));
        FarmJson.text(out, "why", agent.getWhy());
        out.put("connected", new Json.Bool(agent.getConnected()));
        FarmJson.time(out, "seen", JobViews.time(agent.getSeenMs()));
        FarmJson.text(out, "version", agent.getSoftware());
        out.put("protocol", Json.number(agent.getProtocolVersion()));
        out.put("architecture", Json.text(facts.getBuildArchitecture()));
        out.put("runs", Json.texts(facts.getEmulatorsMap().keySet().stream().sorted().toList()));
        out.put(
                "toolchains",
                Json.texts(facts.getToolchainsMap().keySet().stream().sorted().toList()));
        FarmJson.text(out, "go", facts.getGoVersion());
        out.put("cores", Json.number(facts.getCores()));
        out.put("memory_bytes", Json.number(facts.getMemoryBytes()));
        out.put("slots", Json.number(facts.getSlots()));
        out.put("labels", Json.texts(facts.getLabelsList()));
        out.put(
                "leases",
                new Json.Arr(agent.getLeasesList().stream().map(AgentsCommand::json).toList()));
        return new Json.Obj(out);
    }

    private static Json json(LeaseView lease) {
        var out = new LinkedHashMap<String, Json>();
        out.put("lease", Json.number(lease.getLease()));
        out.put("job", Json.text(lease.getJob()));
        out.put("step", Json.text(lease.getStep()));
        FarmJson.text(out, "phase", lease.getPhase());
        FarmJson.time(out, "started", JobViews.time(lease.getStartedMs()));
        return new Json.Obj(out);
    }
}
