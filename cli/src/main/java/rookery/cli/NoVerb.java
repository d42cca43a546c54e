package rookery.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// The mistake of naming no verb. A class of its own: the AOT cache checks at each start what its
/// classes throw, and to find picocli's exception the JVM would open every jar.
final class NoVerb {
    private NoVerb() {}

    static RuntimeException of(CommandSpec root) {
        return new ParameterException(root.commandLine(), "name a command");
    }
}
