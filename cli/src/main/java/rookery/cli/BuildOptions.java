package rookery.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import rookery.cli.pack.Project;
import rookery.cli.spec.Complaint;
import rookery.cli.spec.DidYouMean;
import rookery.cli.spec.Platforms;
import rookery.model.Blame;
import rookery.model.JobSpec;
import rookery.model.RookeryException;

/// Options that several commands share. picocli fills the fields in.
final class BuildOptions {
    @Option(
            names = "--output",
            paramLabel = "text|json",
            description = "What stdout carries (default: text).")
    private Output.Format output = Output.Format.TEXT;

    @Option(
            names = "--progress",
            paramLabel = "auto|tty|plain|quiet",
            description =
                    "How stderr shows what is going on (default: auto, or $ROOKERY_PROGRESS).")
    private String progress = "";

    Output.Format output() {
        return output;
    }

    Progress.Kind progress(Context context) {
        return progress(context, progress);
    }

    /// The flag before the environment.
    static Progress.Kind progress(Context context, String flag) {
        String asked = flag.isEmpty() ? context.variable("ROOKERY_PROGRESS").orElse("auto") : flag;
        List<String> words = Arrays.stream(Progress.Kind.values()).map(Output::word).toList();
        return Arrays.stream(Progress.Kind.values())
                .filter(k -> k.name().equals(asked.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() ->
                        new RookeryException(
                                Blame.SPEC,
                                "--progress "
                                        + rookery.oci.Printable.clip(asked)
                                        + " is none of "
                                        + String.join(", ", words)
                                        + "; "
                                        + DidYouMean.sentence(words, asked, "choose one of them")));
    }

    static String join(List<String> lines) {
        return lines.stream().collect(Collectors.joining("\n"));
    }

    static BuildFlow.Request request(
            Context context, Path dist, boolean push, boolean allowDrop, Progress.Kind progress) {
        return new BuildFlow.Request(
                context.requestIds().get(),
                push,
                allowDrop,
                context.directory().resolve(dist),
                dist.toString(),
                progress);
    }

    /// The project for these platforms of its spec only.
    static Project narrowed(Project project, List<String> platforms) {
        if (platforms.isEmpty()) return project;
        var complaints = new ArrayList<Complaint>();
        List<JobSpec.Wanted> chosen =
                Platforms.narrow(project.spec().platforms(), platforms, complaints);
        if (!complaints.isEmpty())
            throw new RookeryException(
                    Blame.SPEC,
                    "--platform: "
                            + complaints.stream()
                                    .map(c -> c.found() + "; " + c.remedy())
                                    .collect(Collectors.joining(". ")));
        return project.with(project.spec().only(chosen));
    }
}
