package rookery.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import rookery.agent.PortableSetUp;
import rookery.agent.exec.LogSink;

/// `rookery toolchain`: for machines that should not wait in their first build, and for the tests
/// of other modules that compile with it.
@Command(
        name = "toolchain",
        hidden = true,
        description = "Makes the portable toolchain ready, and says where it is.",
        mixinStandardHelpOptions = true)
final class ToolchainCommand implements Callable<Integer> {
    private final Context context;

    ToolchainCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        LogSink log =
                (bytes, offset, length) -> {
                    context.err().write(bytes, offset, length);
                    context.err().flush();
                };
        Path prefix = PortableSetUp.run(context.cache(), new TreeMap<>(context.env()), log);
        context.out().println(prefix);
        return ExitCodes.OK;
    }
}
