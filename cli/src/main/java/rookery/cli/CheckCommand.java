package rookery.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import rookery.cli.view.Harmless;
import rookery.oci.json.Json;

/// `rookery check`.
@Command(
        name = "check",
        description = "Says everything that is wrong with a spec, without building anything.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  rookery check",
            "  rookery check -f other.yaml --output json | jq '.problems[].line'"
        })
final class CheckCommand implements Callable<Integer> {
    private final Context context;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "The spec (default: rookery.yaml).")
    private Path file = Path.of(SpecSource.USUAL_NAME);

    @Option(
            names = "--output",
            paramLabel = "text|json",
            description = "What stdout carries (default: text).")
    private Output.Format output = Output.Format.TEXT;

    CheckCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        SpecSource source = SpecSource.read(context.directory(), file);
        switch (output) {
            case TEXT -> {
                // Here the problems are what was asked for, so they go to stdout.
                source.problems().forEach(p -> context.out().println(Harmless.line(p.toString())));
                context.err()
                        .println(
                                "rookery: "
                                        + (source.problems().isEmpty()
                                                ? file + " is in order"
                                                : source.problems().size() + " to put right"));
            }
            case JSON -> {
                var out = new LinkedHashMap<String, Json>();
                out.put("ok", new Json.Bool(source.problems().isEmpty()));
                out.put("problems", SpecSource.json(source.problems()));
                context.out().print(Pretty.print(new Json.Obj(out)));
            }
        }
        return source.problems().isEmpty() ? ExitCodes.OK : ExitCodes.USAGE;
    }
}
