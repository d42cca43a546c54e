package rookery.cli;

import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine.Command;

/// `rookery version`.
@Command(
        name = "version",
        description = "Prints Rookery's version and Java's.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = "  rookery version")
final class VersionCommand implements Runnable {
    private final Context context;

    VersionCommand(Context context) {
        this.context = context;
    }

    @Override
    public void run() {
        context.out().println("rookery " + number() + " (Java " + Runtime.version() + ")");
    }

    /// From the jar's manifest; a run from class files has none.
    static String number() {
        return Objects.requireNonNullElse(
                Optional.ofNullable(VersionCommand.class.getPackage())
                        .map(Package::getImplementationVersion)
                        .orElse(null),
                "from source");
    }
}
