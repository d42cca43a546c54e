package rookery.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import rookery.cli.view.Harmless;
import rookery.cli.view.Style;
import rookery.cli.view.Style.Tone;
import rookery.cli.view.Times;
import rookery.elf.Arch;
import rookery.elf.Expectation;
import rookery.elf.Finding;
import rookery.elf.Policy;
import rookery.elf.Report;
import rookery.elf.Verdict;
import rookery.elf.files.Inspector;
import rookery.model.Blame;
import rookery.model.RookeryException;
import rookery.oci.json.Json;

/// `rookery inspect`.
@Command(
        name = "inspect",
        description = "Says whether binaries are really static, and why not.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all pass", "2:a file cannot be read", "11:at least one does not pass"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  rookery inspect dist/*/app",
            "  rookery inspect --platform linux/arm64 --policy scratch app",
            "  rookery inspect --output json app | jq -r '.files[0].linkage'"
        })
final class InspectCommand implements Callable<Integer> {
    private final Context context;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Binaries.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--policy",
            paramLabel = "static|scratch",
            description = "What is demanded (default: static).")
    private Policy policy = Policy.STATIC;

    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH",
            description = "What they should be for (default: whatever they are for).")
    private String platform = "";

    @Option(
            names = "--output",
            paramLabel = "text|json",
            description = "What stdout carries (default: text).")
    private Output.Format output = Output.Format.TEXT;

    InspectCommand(Context context) {
        this.context = context;
    }

    private record Inspected(Path file, Report report, Verdict verdict) {}

    @Override
    public Integer call() {
        Optional<Expectation> expected = expected();
        var inspected = new ArrayList<Inspected>();
        for (Path file : files) {
            Report report = report(file);
            Expectation expectation = expected.orElseGet(() -> ofItself(report));
            inspected.add(new Inspected(file, report, policy.judge(report, expectation)));
        }
        switch (output) {
            case TEXT -> inspected.forEach(this::text);
            case JSON -> json(inspected);
        }
        return inspected.stream().allMatch(i -> i.verdict.accepted())
                ? ExitCodes.OK
                : ExitCodes.NOT_STATIC;
    }

    private Optional<Expectation> expected() {
        if (platform.isEmpty()) return Optional.empty();
        try {
            return Optional.of(Expectation.of(platform));
        } catch (IllegalArgumentException e) {
            throw new RookeryException(Blame.SPEC, "--platform: " + e.getMessage(), e);
        }
    }

    /// Where nothing is expected, a file can only disappoint by not starting at home.
    private static Expectation ofItself(Report report) {
        String os = report.goos().orElse("linux");
        return Expectation.of(os + "/" + report.arch().map(Arch::goName).orElse("amd64"));
    }

    private Report report(Path file) {
        Path path = context.directory().resolve(file);
        String why;
        try {
            if (!Files.isDirectory(path)) return Inspector.inspect(path);
            why = "it is a directory; name the files in it";
        } catch (NoSuchFileException _) {
            why = "there is no such file";
        } catch (IOException e) {
            why = String.valueOf(e.getMessage());
        }
        throw new RookeryException(
                Blame.SPEC, Harmless.line(file.toString()) + " cannot be inspected: " + why);
    }

    private void text(Inspected inspected) {
        Style style = context.terminal().out();
        boolean good = inspected.verdict.accepted();
        context.out()
                .println(
                        style.paint(
                                        good ? style.done() : style.failed(),
                                        good ? Tone.GOOD : Tone.BAD)
                                + " "
                                + Harmless.line(inspected.file.toString())
                                + "  "
                                + inspected.verdict.word()
                                + "  "
                                + Times.size(inspected.report.sizeBytes())
                                + "  "
                                + Harmless.line(inspected.report.describe()));
        for (Finding finding : inspected.verdict.reasons()) {
            context.out()
                    .println(
                            Harmless.line(
                                    "    "
                                            + Output.word(finding.severity())
                                            + " "
                                            + finding.id()
                                            + ": "
                                            + finding.evidence()
                                            + "; "
                                            + finding.cure()));
        }
    }

    private void json(List<Inspected> inspected) {
        var out = new LinkedHashMap<String, Json>();
        out.put("policy", Json.text(Output.word(policy)));
        out.put("files", new Json.Arr(inspected.stream().map(InspectCommand::json).toList()));
        context.out().print(Pretty.print(new Json.Obj(out)));
    }

    private static Json json(Inspected inspected) {
        Report report = inspected.report;
        var out = new LinkedHashMap<String, Json>();
        out.put("file", Json.text(Harmless.line(inspected.file.toString())));
        out.put("ok", new Json.Bool(inspected.verdict.accepted()));
        out.put("verdict", Json.text(inspected.verdict.word()));
        out.put("linkage", Json.text(report.linkage().word()));
        out.put("size_bytes", Json.number(report.sizeBytes()));
        report.arch()
                .ifPresent(a ->
                        out.put(
                                "platform",
                                Json.text(report.goos().orElse("linux") + "/" + a.goName())));
        out.put("libc", Json.text(report.libc().kind().word()));
        report.libc().version().ifPresent(v -> out.put("libc_version", Json.text(v)));
        report.go().ifPresent(go -> out.put("go_version", Json.text(go.version())));
        out.put("cgo", new Json.Bool(report.hasCgo()));
        out.put("description", Json.text(report.describe()));
        out.put(
                "findings",
                new Json.Arr(
                        inspected.verdict.reasons().stream().map(InspectCommand::json).toList()));
        return new Json.Obj(out);
    }

    private static Json json(Finding finding) {
        var out = new LinkedHashMap<String, Json>();
        out.put("id", Json.text(finding.id()));
        out.put("severity", Json.text(Output.word(finding.severity())));
        out.put("evidence", Json.text(finding.evidence()));
        out.put("cure", Json.text(finding.cure()));
        return new Json.Obj(out);
    }
}
