package rookery.cli;

import picocli.CommandLine.Command;
import rookery.cli.spec.Schema;

/// `rookery schema`.
@Command(
        name = "schema",
        description = "Prints the JSON Schema of rookery.yaml, for editors.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = "  rookery schema > rookery.schema.json")
final class SchemaCommand implements Runnable {
    private final Context context;

    SchemaCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        context.out().print(Pretty.print(Schema.json()));
    }
}
