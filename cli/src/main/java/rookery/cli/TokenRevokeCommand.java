package rookery.cli;

import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import rookery.cli.farm.Calls;
import rookery.cli.farm.FarmClient;
import rookery.oci.json.Json;
import rookery.v1.RevokeRequest;

/// `rookery token revoke`.
@Command(
        name = "revoke",
        description = "Ends a token and what came of it, a name's certificates, or one of them.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  rookery token revoke --name builder-1",
            "  rookery token revoke --token kx3mbe7q"
        })
final class TokenRevokeCommand implements Callable<Integer> {
    private final Context context;

    /// Exactly one of them.
    static final class What {
        @Option(names = "--token", paramLabel = "ID", description = "A token, by its id.")
        private @Nullable String token;

        @Option(names = "--name", paramLabel = "NAME", description = "All of this name.")
        private @Nullable String name;

        @Option(names = "--serial", paramLabel = "HEX", description = "One certificate.")
        private @Nullable String serial;
    }

    @ArgGroup(exclusive = true, multiplicity = "1")
    private What what = new What();

    @Mixin private RemoteOptions remote = new RemoteOptions();

    TokenRevokeCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        var request = RevokeRequest.newBuilder();
        if (what.token != null) request.setToken(what.token);
        if (what.name != null) request.setName(what.name);
        if (what.serial != null) request.setSerial(what.serial);
        try (FarmClient farm = remote.open(context)) {
            int ended =
                    Calls.make(
                            farm,
                            "revoking",
                            () ->
                                    Calls.soon(farm.tokens())
                                            .revoke(request.build())
                                            .getCertificates());
            var out = new LinkedHashMap<String, Json>();
            out.put("certificates", Json.number(ended));
            remote.print(
                    context,
                    new Json.Obj(out),
                    text ->
                            text.println(
                                    ended
                                            + (ended == 1 ? " certificate" : " certificates")
                                            + " ended"));
            return ExitCodes.OK;
        }
    }
}
