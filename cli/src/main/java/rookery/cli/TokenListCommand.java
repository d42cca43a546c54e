package rookery.cli;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import rookery.cli.farm.Calls;
import rookery.cli.farm.FarmClient;
import rookery.cli.farm.JobViews;
import rookery.cli.view.FarmJson;
import rookery.cli.view.Table;
import rookery.cli.view.Times;
import rookery.oci.json.Json;
import rookery.v1.CertificateView;
import rookery.v1.ListCertificatesRequest;
import rookery.v1.ListTokensRequest;
import rookery.v1.TokenView;

/// `rookery token list`.
@Command(
        name = "list",
        description = "Lists tokens, or the certificates that came of them.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {"  rookery token list", "  rookery token list --certificates --output json"})
final class TokenListCommand implements Callable<Integer> {
    private final Context context;

    @Option(names = "--certificates", description = "Certificates in place of tokens.")
    private boolean certificates;

    @Mixin private RemoteOptions remote = new RemoteOptions();

    TokenListCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (FarmClient farm = remote.open(context)) {
            if (certificates) listCertificates(farm);
            else listTokens(farm);
            return ExitCodes.OK;
        }
    }

    private void listTokens(FarmClient farm) {
        List<TokenView> tokens =
                Calls.make(
                        farm,
                        "listing the tokens",
                        () ->
                                Calls.soon(farm.tokens())
                                        .list(ListTokensRequest.getDefaultInstance())
                                        .getTokensList());
        Instant now = context.clock().instant();
        var table = new Table("TOKEN", "ROLE", "NAME", "STATE", "ENDS", "BY", "USED BY");
        for (TokenView t : tokens)
            table.add(
                    t.getId(),
                    t.getRole(),
                    t.getName(),
                    t.getState(),
                    Times.from(JobViews.time(t.getExpiresMs()), now),
                    t.getCreatedBy(),
                    t.getUsedBy());
        print("tokens", tokens.stream().map(TokenListCommand::json).toList(), table);
    }

    private void listCertificates(FarmClient farm) {
        List<CertificateView> all =
                Calls.make(
                        farm,
                        "listing the certificates",
                        () ->
                                Calls.soon(farm.tokens())
                                        .listCertificates(
                                                ListCertificatesRequest.getDefaultInstance())
                                        .getCertificatesList());
        Instant now = context.clock().instant();
        var table = new Table("SERIAL", "ROLE", "NAME", "STATE", "ENDS", "TOKEN");
        for (CertificateView c : all)
            table.add(
                    c.getSerial(),
                    c.getRole(),
                    c.getName(),
                    c.getState(),
                    Times.from(JobViews.time(c.getNotAfterMs()), now),
                    c.getToken());
        print("certificates", all.stream().map(TokenListCommand::json).toList(), table);
    }

    private void print(String name, List<Json> items, Table table) {
        var out = new LinkedHashMap<String, Json>();
        out.put(name, new Json.Arr(items));
        remote.print(
                context,
                new Json.Obj(out),
                text -> table.lines(context.terminal().out()).forEach(text::println));
    }

    private static Json json(TokenView t) {
        var out = new LinkedHashMap<String, Json>();
        out.put("id", Json.text(t.getId()));
        out.put("role", Json.text(t.getRole()));
        FarmJson.text(out, "name", t.getName());
        out.put("state", Json.text(t.getState()));
        FarmJson.time(out, "created", JobViews.time(t.getCreatedMs()));
        FarmJson.time(out, "expires", JobViews.time(t.getExpiresMs()));
        FarmJson.text(out, "created_by", t.getCreatedBy());
        FarmJson.text(out, "used_by", t.getUsedBy());
        return new Json.Obj(out);
    }

    private static Json json(CertificateView c) {
        var out = new LinkedHashMap<String, Json>();
        out.put("serial", Json.text(c.getSerial()));
        out.put("role", Json.text(c.getRole()));
        out.put("name", Json.text(c.getName()));
        out.put("state", Json.text(c.getState()));
        FarmJson.time(out, "not_before", JobViews.time(c.getNotBeforeMs()));
        FarmJson.time(out, "not_after", JobViews.time(c.getNotAfterMs()));
        FarmJson.text(out, "token", c.getToken());
        return new Json.Obj(out);
    }
}
