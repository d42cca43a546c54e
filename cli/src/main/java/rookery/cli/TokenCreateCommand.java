package rookery.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import rookery.cli.farm.Calls;
import rookery.cli.farm.FarmClient;
import rookery.cli.farm.JobViews;
import rookery.cli.view.FarmJson;
import rookery.oci.json.Json;
import rookery.v1.CreateTokenRequest;
import rookery.v1.CreateTokenResponse;

/// `rookery token create`.
@Command(
        name = "create",
        description = "Makes a one-time token; it is shown this once.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  rookery token create --role agent --name builder-1",
            "  rookery token create --role submitter --ttl 24h"
        })
final class TokenCreateCommand implements Callable<Integer> {
    private final Context context;

    @Option(
            names = "--role",
            required = true,
            paramLabel = "agent|submitter|viewer|admin",
            description = "What its user may do.")
    private String role = "";

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What its user is called; certificates of that name end.")
    private String name = "";

    @Option(
            names = "--ttl",
            paramLabel = "SPAN",
            converter = Spans.class,
            description = "How long it waits to be used (default: 1h).")
    private Duration ttl = Duration.ZERO;

    @Mixin private RemoteOptions remote = new RemoteOptions();

    TokenCreateCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (FarmClient farm = remote.open(context)) {
            var request =
                    CreateTokenRequest.newBuilder()
                            .setRole(role)
                            .setName(name)
                            .setLifetimeMs(ttl.toMillis())
                            .build();
            CreateTokenResponse made =
                    Calls.make(
                            farm,
                            "making a token",
                            () -> Calls.soon(farm.tokens()).create(request));
            var out = new LinkedHashMap<String, Json>();
            out.put("token", Json.text(made.getToken()));
            out.put("id", Json.text(made.getView().getId()));
            out.put("role", Json.text(made.getView().getRole()));
            FarmJson.text(out, "name", made.getView().getName());
            FarmJson.time(out, "expires", JobViews.time(made.getView().getExpiresMs()));
            remote.print(context, new Json.Obj(out), text -> text.println(made.getToken()));
            return ExitCodes.OK;
        }
    }
}
