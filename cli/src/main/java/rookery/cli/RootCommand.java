package rookery.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `rookery` without a verb: says what there is.
@Command(
        name = "rookery",
        description = "A build farm for static, multi-platform Go programs that use cgo.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  rookery check                   is my rookery.yaml in order?",
            "  rookery build                   build it",
            "  rookery inspect dist/*/app      is it static?",
            "  rookery submit --wait           build it on a farm",
            "%nExit codes: 0 done, 2 usage or spec, 10 build failed, 11 not static,",
            "20 this machine, 21 another server, 22 no agent, 30 cancelled or out of",
            "time, 70 a bug in Rookery."
        })
final class RootCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw NoVerb.of(spec);
    }
}
