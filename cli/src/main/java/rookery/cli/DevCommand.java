package rookery.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import rookery.cli.dev.LocalFarm;
import rookery.cli.view.Harmless;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// `rookery dev`.
@Command(
        name = "dev",
        description =
                "Starts a farm of its own on this machine: a coordinator and agents, each a process.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  rookery dev                  two agents; Ctrl-C ends and forgets all of it",
            "  rookery dev --agents 4 --keep"
        })
final class DevCommand implements Callable<Integer> {
    private final Context context;

    @Option(names = "--agents", paramLabel = "N", description = "(default: 2)")
    private int agents = 2;

    @Option(
            names = "--keep",
            description =
                    "Keep its state in the XDG state directory, and go on with what is there.")
    private boolean keep;

    DevCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        Path directory = directory();
        try {
            return serve(directory);
        } finally {
            if (!keep) delete(directory);
        }
    }

    private int serve(Path directory) throws InterruptedException {
        int slots = Math.max(1, Runtime.getRuntime().availableProcessors() / Math.max(1, agents));
        var settings = new LocalFarm.Settings(directory, agents, slots, context.env());
        var end = new CompletableFuture<Boolean>();
        context.interrupts().serve(() -> end.complete(true));
        try (var farm = LocalFarm.start(settings)) {
            var _ =
                    farm.ended()
                            .thenAccept(why -> {
                                var _ =
                                        end.completeExceptionally(
                                                new RookeryException(Blame.HOST, why));
                            });
            say(farm, settings);
            var _ = end.get();
            context.err().println("rookery: ending the farm");
            return ExitCodes.OK;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RookeryException known) throw known;
            throw new IllegalStateException(e);
        }
    }

    private void say(LocalFarm farm, LocalFarm.Settings settings) {
        context.out().println("farm       " + Harmless.line(farm.url()));
        context.out().println("dashboard  " + Harmless.line(farm.web()));
        context.out().println("logs       " + Harmless.line(settings.directory() + "/*.log"));
        context.out()
                .println(
                        "submit     XDG_CONFIG_HOME="
                                + Harmless.line(settings.config().toString())
                                + " rookery submit --wait");
        context.out().flush();
        context.err().println("rookery: Ctrl-C ends it" + (keep ? "" : " and deletes it"));
    }

    private Path directory() {
        try {
            if (keep) return Files.createDirectories(context.state().resolve("dev"));
            return Files.createTempDirectory("rookery-dev");
        } catch (IOException e) {
            throw new RookeryException(
                    Blame.HOST, "there is no place for the farm's state: " + e, e);
        }
    }

    private void delete(Path directory) {
        try (var files = Files.walk(directory)) {
            List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : all) Files.delete(file);
        } catch (IOException e) {
            context.err().println("rookery: " + directory + " could not be deleted: " + e);
        }
    }
}
