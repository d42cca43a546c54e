package rookery.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import rookery.cli.inspect.CrossCheck;
import rookery.cli.inspect.Finder;
import rookery.cli.inspect.Human;
import rookery.cli.inspect.Inspected;
import rookery.cli.inspect.Item;
import rookery.cli.inspect.JsonReport;
import rookery.cli.inspect.Ldd;
import rookery.cli.inspect.Views;
import rookery.cli.view.Harmless;
import rookery.elf.Arch;
import rookery.elf.Expectation;
import rookery.elf.Inspection;
import rookery.elf.Kernel;
import rookery.elf.Policy;
import rookery.elf.Report;
import rookery.elf.Rules;
import rookery.elf.Verdict;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// `rookery inspect`.
@Command(
        name = "inspect",
        description = "Says whether binaries are really static, and why not.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all pass", "2:a file cannot be read", "11:at least one does not pass"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  rookery inspect dist/*/app",
            "  rookery inspect --platform linux/arm64 --policy scratch app",
            "  rookery inspect --policy ours.rules image/ package.gpkg.tar",
            "  rookery inspect --output json app | jq -r '.files[0].linkage'",
            "  rookery inspect -d -V /usr/bin/env"
        })
final class InspectCommand implements Callable<Integer> {
    private static final long MAX_RULES_BYTES = 1 << 20;

    private final Context context;

    @Parameters(
            paramLabel = "PATH",
            arity = "1..*",
            description = "Binaries, archives, tar files, packages, image layouts, directories.")
    private List<Path> paths = new ArrayList<>();

    @Option(
            names = "--policy",
            paramLabel = "static|scratch|hardened|FILE",
            description = "What is demanded (default: static); a file holds rules of one's own.")
    private String policy = "static";

    @Option(
            names = "--platform",
            paramLabel = "OS/ARCH",
            description = "What they should be for (default: whatever they are for).")
    private String platform = "";

    @Option(
            names = "--kernel",
            paramLabel = "VERSION",
            description = "The oldest Linux that they should run on, such as 4.4.")
    private String kernel = "";

    @Option(
            names = "--output",
            paramLabel = "text|json",
            description = "What stdout carries (default: text).")
    private Output.Format output = Output.Format.TEXT;

    @Option(names = "--one-line", description = "One line a file, no verdict, as file(1) does.")
    private boolean oneLine;

    @Option(
            names = "--details",
            description = "Also what is inside, who made it, what protects it.")
    private boolean details;

    @Option(names = "--needed", description = "The libraries that it names, one a line.")
    private boolean needed;

    @Option(names = "--ldd", description = "The libraries that it would load, and from where.")
    private boolean ldd;

    @Option(
            names = "--root",
            paramLabel = "DIR",
            description = "Where --ldd looks for libraries (default: /).")
    private Path root = Path.of("/");

    @Option(
            names = "--engine",
            paramLabel = "java|libelf",
            description = "Whose facts --facts prints (default: java).")
    private CrossCheck.Engine engine = CrossCheck.Engine.JAVA;

    @Option(names = "--facts", description = "The bare facts of ELF files, a line each.")
    private boolean facts;

    @Option(
            names = "--cross-check",
            description = "Compare our facts of each ELF file with libelf's.")
    private boolean crossCheck;

    @Option(names = "-h", description = "The file header.")
    private boolean header;

    @Option(names = "-l", description = "The program headers.")
    private boolean segments;

    @Option(names = "-S", description = "The section headers.")
    private boolean sections;

    @Option(
            names = {"-s", "--symbols"},
            description = "The symbols.")
    private boolean symbols;

    @Option(names = "-d", description = "The dynamic section.")
    private boolean dynamic;

    @Option(names = "-n", description = "The notes.")
    private boolean notes;

    @Option(names = "-V", description = "The versions of symbols that it wants.")
    private boolean versions;

    // readelf's letters take the usual short forms of these two.
    @Option(names = "--help", usageHelp = true, description = "Shows this text.")
    @SuppressWarnings("unused") // picocli acts on it by its mark
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "Shows the version.")
    @SuppressWarnings("unused")
    private boolean version;

    InspectCommand(Context context) {
        this.context = context;
    }

    /// A built-in policy or a rules file.
    @FunctionalInterface
    private interface Judge {
        Verdict judge(Report report, Expectation expectation);
    }

    @Override
    public Integer call() {
        Set<Views.View> views = views();
        if (ldd) return libraries();
        if (crossCheck || facts || engine == CrossCheck.Engine.LIBELF) return compare();
        Judge judge = judge();
        Optional<Expectation> expected = expected();
        Optional<Kernel> oldest = oldest();
        List<Inspected> kept = new ArrayList<>();
        List<String> troubles = new ArrayList<>();
        var human = new Human(context.terminal().out());
        boolean[] refused = {false};
        each(
                item -> {
                    if (!views.isEmpty()) {
                        show(views, item);
                        return;
                    }
                    Report report = item.report(depth());
                    if (needed) {
                        names(report);
                        return;
                    }
                    Expectation expectation = expected.orElseGet(() -> ofItself(report));
                    if (oldest.isPresent()) expectation = expectation.withKernel(oldest.get());
                    var inspected =
                            new Inspected(
                                    item.name(),
                                    item.asked(),
                                    report,
                                    judge.judge(report, expectation));
                    refused[0] |= inspected.refused();
                    if (output == Output.Format.JSON) kept.add(inspected);
                    else text(human, inspected);
                },
                troubles);
        if (output == Output.Format.JSON && views.isEmpty() && !needed) {
            context.out().print(Pretty.print(JsonReport.of(policy, kept, troubles)));
        }
        if (!troubles.isEmpty()) return ExitCodes.USAGE;
        return refused[0] && !oneLine ? ExitCodes.NOT_STATIC : ExitCodes.OK;
    }

    private Inspection.Depth depth() {
        return details ? Inspection.Depth.DEEP : Inspection.Depth.DEEP_IF_STATIC;
    }

    private Set<Views.View> views() {
        Set<Views.View> views = EnumSet.noneOf(Views.View.class);
        if (header) views.add(Views.View.HEADER);
        if (segments) views.add(Views.View.SEGMENTS);
        if (sections) views.add(Views.View.SECTIONS);
        if (symbols) views.add(Views.View.SYMBOLS);
        if (dynamic) views.add(Views.View.DYNAMIC);
        if (notes) views.add(Views.View.NOTES);
        if (versions) views.add(Views.View.VERSIONS);
        return views;
    }

    private Judge judge() {
        for (Policy known : Policy.values()) {
            if (Output.word(known).equals(policy)) return known::judge;
        }
        Path file = context.directory().resolve(policy);
        try {
            if (!Files.isRegularFile(file)) {
                throw new RookeryException(
                        Blame.SPEC,
                        "--policy: '"
                                + Harmless.line(policy)
                                + "' is neither static, scratch, hardened nor a file of rules");
            }
            if (Files.size(file) > MAX_RULES_BYTES) {
                throw new RookeryException(
                        Blame.SPEC, "--policy: " + policy + " is over 1 MiB, too large for rules");
            }
            return Rules.parse(Files.readString(file))::judge;
        } catch (IllegalArgumentException | IOException e) {
            throw new RookeryException(
                    Blame.SPEC, "--policy: " + policy + ": " + e.getMessage(), e);
        }
    }

    private Optional<Expectation> expected() {
        if (platform.isEmpty()) return Optional.empty();
        try {
            return Optional.of(Expectation.of(platform));
        } catch (IllegalArgumentException e) {
            throw new RookeryException(Blame.SPEC, "--platform: " + e.getMessage(), e);
        }
    }

    private Optional<Kernel> oldest() {
        if (kernel.isEmpty()) return Optional.empty();
        try {
            return Optional.of(Kernel.parse(kernel));
        } catch (IllegalArgumentException e) {
            throw new RookeryException(Blame.SPEC, "--kernel: " + e.getMessage(), e);
        }
    }

    /// Where nothing is expected, a file can only disappoint by not starting at home.
    private static Expectation ofItself(Report report) {
        String os = report.goos().orElse("linux");
        return Expectation.of(os + "/" + report.arch().map(Arch::goName).orElse("amd64"));
    }

    /// What is done with each file that was found.
    @FunctionalInterface
    private interface Work {
        void on(Item item) throws IOException;
    }

    /// Finds all files and works on each; what cannot be read is said and remembered.
    private void each(Work work, List<String> troubles) {
        var finder =
                new Finder(
                        item -> {
                            try {
                                work.on(item);
                            } catch (IOException e) {
                                trouble(item.name() + ": " + e.getMessage(), troubles);
                            }
                        },
                        text -> trouble(text, troubles));
        for (Path given : paths) {
            Path path = context.directory().resolve(given);
            String why;
            try {
                int found = finder.find(given.toString(), path);
                if (found > 0 || !Files.isDirectory(path)) continue;
                why = "it is a directory without any binary";
            } catch (NoSuchFileException _) {
                why = "there is no such file";
            } catch (IOException e) {
                why = String.valueOf(e.getMessage());
            }
            throw new RookeryException(
                    Blame.SPEC, Harmless.line(given.toString()) + " cannot be inspected: " + why);
        }
    }

    private void trouble(String text, List<String> troubles) {
        troubles.add(text);
        context.err().println("rookery: " + Harmless.line(text));
    }

    private void text(Human human, Inspected inspected) {
        if (oneLine) {
            context.out().println(Human.oneLine(inspected));
            return;
        }
        human.lines(inspected).forEach(context.out()::println);
        if (details) human.details(inspected).forEach(context.out()::println);
    }

    private void show(Set<Views.View> views, Item item) throws IOException {
        context.out().println(Harmless.line(item.name()));
        item.read(source -> {
            var shown = new Views(context.out()::println);
            views.forEach(view -> shown.show(view, source));
            return source;
        });
    }

    private void names(Report report) {
        if (report.facts() instanceof Report.Elf(var elf, _)) {
            elf.needed().forEach(name -> context.out().println(Harmless.line(name)));
        }
        if (report.facts() instanceof Report.Pe(var pe)) {
            pe.imports().forEach(name -> context.out().println(Harmless.line(name)));
        }
    }

    private int libraries() {
        var loader = new Ldd(context.directory().resolve(root));
        boolean missing = false;
        for (Path given : paths) {
            if (paths.size() > 1) context.out().println(Harmless.line(given + ":"));
            try {
                for (Ldd.Found found : loader.of(context.directory().resolve(given))) {
                    missing |= found.path().isEmpty();
                    context.out()
                            .println(
                                    Harmless.line(
                                            "    "
                                                    + found.name()
                                                    + " => "
                                                    + found.path()
                                                            .map(Path::toString)
                                                            .orElse("not found")));
                }
            } catch (IOException e) {
                throw new RookeryException(
                        Blame.SPEC,
                        Harmless.line(given + " cannot be inspected: " + e.getMessage()),
                        e);
            }
        }
        return missing ? ExitCodes.NOT_STATIC : ExitCodes.OK;
    }

    private int compare() {
        List<String> troubles = new ArrayList<>();
        boolean[] differ = {false};
        try (var check = new CrossCheck(engine, crossCheck, context.out()::println)) {
            each(item -> differ[0] |= check.on(item), troubles);
            if (crossCheck) context.err().println("rookery: " + check.summary());
        } catch (IOException e) {
            throw new RookeryException(Blame.HOST, String.valueOf(e.getMessage()), e);
        }
        if (!troubles.isEmpty()) return ExitCodes.USAGE;
        return differ[0] ? ExitCodes.NOT_STATIC : ExitCodes.OK;
    }
}
