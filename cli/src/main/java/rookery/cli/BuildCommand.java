package rookery.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import rookery.cli.dist.DistWriter;
import rookery.cli.farm.FarmClient;
import rookery.cli.pack.Project;
import rookery.cli.spec.Problem;

/// `rookery build`.
@Command(
        name = "build",
        description = "Builds what rookery.yaml says, checks it, and writes dist/.",
        mixinStandardHelpOptions = true,
        footerHeading = "%nExamples:%n",
        footer = {
            "  rookery build                              all platforms of ./rookery.yaml",
            "  rookery build --platform linux/arm64       one of them",
            "  rookery build --push                       and publish the images",
            "  rookery build --output json | jq .images   for programs"
        })
final class BuildCommand implements Callable<Integer> {
    private final Context context;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "The spec (default: rookery.yaml).")
    private Path file = Path.of(SpecSource.USUAL_NAME);

    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH",
            split = ",",
            description = "Build for these platforms of the spec only.")
    private List<String> platforms = new ArrayList<>();

    @Option(names = "--push", description = "Push the images to their repositories.")
    private boolean push;

    @Option(
            names = "--allow-drop",
            description = "Let a tag lose platforms that it has in the registry now.")
    private boolean allowDrop;

    @Option(
            names = {"-o", "--dist"},
            paramLabel = "DIR",
            description = "Where the results go (default: dist).")
    private Path dist = Path.of("dist");

    @Mixin private BuildOptions options = new BuildOptions();

    BuildCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        BuildFlow.Request request =
                BuildOptions.request(context, dist, push, allowDrop, options.progress(context));
        SpecSource source = SpecSource.read(context.directory(), file);
        if (source.project().isEmpty()) return refused(source.problems());
        Project project = BuildOptions.narrowed(source.project().get(), platforms);
        DistWriter.check(request.dist());
        BuildFlow.Built built;
        try (FarmClient farm = context.farms().start();
                var _ = context.interrupts().during(farm::close)) {
            built = new BuildFlow(context, farm).build(project, request);
        }
        if (built.results().isEmpty()) return refused(built.problems());
        Output.whole(context, options.output(), built, Optional.of(request));
        return built.exitCode();
    }

    private int refused(List<Problem> problems) {
        Output.refused(context, options.output(), problems);
        return ExitCodes.USAGE;
    }
}
