package rookery.cli;

import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import rookery.cli.farm.Calls;
import rookery.cli.farm.FarmClient;
import rookery.oci.json.Json;
import rookery.v1.RuleRequest;

/// `rookery agent drain|cordon|open`.
abstract class StandingCommand implements Callable<Integer> {
    private final Context context;
    private final String standing;

    @Parameters(paramLabel = "NAME", description = "The agent, as `rookery agents` names it.")
    private String agent = "";

    @Mixin private RemoteOptions remote = new RemoteOptions();

    private StandingCommand(Context context, String standing) {
        this.context = context;
        this.standing = standing;
    }

    @Command(
            name = "drain",
            description = "It finishes what it has, takes nothing new, and leaves.",
            mixinStandardHelpOptions = true)
    static final class Drain extends StandingCommand {
        Drain(Context context) {
            super(context, "draining");
        }
    }

    @Command(
            name = "cordon",
            description = "It takes nothing new, and stays.",
            mixinStandardHelpOptions = true)
    static final class Cordon extends StandingCommand {
        Cordon(Context context) {
            super(context, "cordoned");
        }
    }

    @Command(
            name = "open",
            description = "It takes steps again; ends a quarantine too.",
            mixinStandardHelpOptions = true)
    static final class Open extends StandingCommand {
        Open(Context context) {
            super(context, "open");
        }
    }

    @Override
    public Integer call() {
        try (FarmClient farm = remote.open(context)) {
            var request = RuleRequest.newBuilder().setAgent(agent).setStanding(standing).build();
            var _ =
                    Calls.make(
                            farm,
                            "ruling agent " + agent + " " + standing,
                            () -> Calls.soon(farm.admin()).rule(request));
            var out = new LinkedHashMap<String, Json>();
            out.put("agent", Json.text(agent));
            out.put("standing", Json.text(standing));
            remote.print(
                    context, new Json.Obj(out), text -> text.println(agent + " is " + standing));
            return ExitCodes.OK;
        }
    }
}
