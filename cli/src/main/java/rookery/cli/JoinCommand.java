package rookery.cli;

import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import rookery.access.Identity;
import rookery.cli.farm.Joining;
import rookery.oci.json.Json;

/// `rookery join`.
@Command(
        name = "join",
        description = "Makes this user known to a farm; agents join with `rookery agent --join`.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  rookery join https://farm.example.org:7601 --token TOKEN",
            "  ROOKERY_TOKEN=TOKEN rookery join https://farm.example.org --name alice"
        })
final class JoinCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "URL", description = "The farm's gRPC address.")
    private String farm = "";

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "As `rookery token create` printed it (default: $ROOKERY_TOKEN).")
    private String token = "";

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What to be called (default: as the token says, or this user's name).")
    private String name = "";

    @Option(
            names = "--output",
            paramLabel = "text|json",
            description = "What stdout carries (default: text).")
    private Output.Format output = Output.Format.TEXT;

    JoinCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Identity identity =
                new Joining(context.env(), context.clock())
                        .client(
                                farm,
                                token.isEmpty()
                                        ? context.variable("ROOKERY_TOKEN")
                                        : Optional.of(token),
                                name);
        var out = new LinkedHashMap<String, Json>();
        out.put("farm", Json.text(identity.farm().toString()));
        out.put("name", Json.text(identity.subject().name()));
        out.put("role", Json.text(identity.subject().role().word()));
        switch (output) {
            case JSON -> context.out().print(Pretty.print(new Json.Obj(out)));
            case TEXT -> context.out().println(identity.subject() + " of " + identity.farm());
        }
        return ExitCodes.OK;
    }
}
