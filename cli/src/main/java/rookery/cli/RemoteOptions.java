package rookery.cli;

import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.Option;
import rookery.cli.farm.FarmClient;
import rookery.oci.json.Json;

/// Options of commands that speak to a farm elsewhere. picocli fills the fields in.
final class RemoteOptions {
    @Option(
            names = "--farm",
            paramLabel = "URL",
            description = "Which farm (default: $ROOKERY_FARM, or the only one joined).")
    private String farm = "";

    @Option(
            names = "--output",
            paramLabel = "text|json",
            description = "What stdout carries (default: text).")
    private Output.Format output = Output.Format.TEXT;

    FarmClient open(Context context) {
        return context.remote().find(Optional.of(farm).filter(f -> !f.isEmpty()));
    }

    Output.Format output() {
        return output;
    }

    /// One of both on stdout.
    void print(Context context, Json json, Consumer<java.io.PrintStream> text) {
        switch (output) {
            case JSON -> context.out().print(Pretty.print(json));
            case TEXT -> text.accept(context.out());
        }
        context.out().flush();
    }
}
