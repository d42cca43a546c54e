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
import java.util.function.Consumer;
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
import rookery.cli.inspect.Lines;
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

    /// More gain nothing: the walk feeds them.
    private static final int MAX_THREADS = 16;

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

    @Option(
            names = "--deep",
            description = {
                "Below directories: also into tar files and packed ones;",
                "with --one-line also into archives and contents."
            })
    private boolean deep;

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

    /// The command of `inspect --one-line PATH…`, which is what runs over whole trees, without
    /// picocli: reading the annotations above takes longer than looking at a thousand files.
    static Optional<InspectCommand> plain(Context context, String... args) {
        if (args.length < 3 || !args[0].equals("inspect") || !args[1].equals("--one-line")) {
            return Optional.empty();
        }
        var command = new InspectCommand(context);
        command.oneLine = true;
        for (int i = 2; i < args.length; i++) {
            if (args[i].isEmpty() || args[i].startsWith("-")) return Optional.empty();
            command.paths.add(Path.of(args[i]));
        }
        return Optional.of(command);
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
        List<String> troubles = new ArrayList<>();
        if (!views.isEmpty()) {
            each(1, item -> show(views, item), _ -> {}, troubles);
            return troubles.isEmpty() ? ExitCodes.OK : ExitCodes.USAGE;
        }
        if (oneLine && output == Output.Format.TEXT) {
            var lines = new Lines(context.out());
            each(threads(), this::line, lines::add, troubles);
            lines.flush();
            return troubles.isEmpty() ? ExitCodes.OK : ExitCodes.USAGE;
        }
        if (needed) {
            var names = new Lines(context.out());
            each(threads(), item -> names(item.report(depth(item))), names::add, troubles);
            names.flush();
            return troubles.isEmpty() ? ExitCodes.OK : ExitCodes.USAGE;
        }
        return judged(judge, expected, oldest, troubles);
    }

    private int judged(
            Judge judge,
            Optional<Expectation> expected,
            Optional<Kernel> oldest,
            List<String> troubles) {
        var human = new Human(context.terminal().out());
        boolean json = output == Output.Format.JSON;
        List<Inspected> kept = new ArrayList<>();
        boolean[] refused = {false};
        var lines = new Lines(context.out());
        each(
                threads(),
                item -> {
                    Report report = item.reportWithMode(depth(item));
                    Expectation expectation = expected.orElseGet(() -> ofItself(report));
                    if (oldest.isPresent()) expectation = expectation.withKernel(oldest.get());
                    Verdict verdict = judge.judge(report, expectation);
                    var inspected = new Inspected(item.name(), item.asked(), report, verdict);
                    return json
                            ? Told.kept(inspected)
                            : Told.text(inspected, text(human, inspected));
                },
                told -> {
                    refused[0] |= told.refused();
                    told.kept().ifPresent(kept::add);
                    lines.add(told.text());
                },
                troubles);
        lines.flush();
        if (json) context.out().print(Pretty.print(JsonReport.of(policy, kept, troubles)));
        if (!troubles.isEmpty()) return ExitCodes.USAGE;
        return refused[0] && !oneLine ? ExitCodes.NOT_STATIC : ExitCodes.OK;
    }

    /// What is to be said of one file. A tree can be large: only JSON, which has one end, keeps
    /// all.
    private record Told(boolean refused, Optional<Inspected> kept, String text) {
        static Told kept(Inspected inspected) {
            return new Told(inspected.refused(), Optional.of(inspected), "");
        }

        static Told text(Inspected inspected, String text) {
            return new Told(inspected.refused(), Optional.empty(), text);
        }
    }

    /// A line a file tells of headers, unless this file was meant.
    private Inspection.Depth depth(Item item) {
        if (details) return Inspection.Depth.DEEP;
        return oneLine && !item.asked() && !deep
                ? Inspection.Depth.VERDICT
                : Inspection.Depth.DEEP_IF_STATIC;
    }

    private static int threads() {
        return Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
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

    /// Finds all files and works on each; what cannot be read is said and remembered.
    private <T> void each(
            int threads, Finder.Work<T> work, Consumer<T> sink, List<String> troubles) {
        var finder =
                new Finder<T>(
                        new Finder.Reach(!oneLine || deep, deep),
                        threads,
                        work,
                        sink,
                        text -> trouble(text, troubles));
        for (Path given : paths) {
            Path path = context.directory().resolve(given);
            String why;
            try {
                int found = finder.find(given.toString(), path);
                if (found > 0 || finder.unopened() > 0 || !Files.isDirectory(path)) continue;
                why = "it is a directory without any binary";
            } catch (NoSuchFileException _) {
                why = "there is no such file";
            } catch (IOException e) {
                why = String.valueOf(e.getMessage());
            }
            throw new RookeryException(
                    Blame.SPEC, Harmless.line(given.toString()) + " cannot be inspected: " + why);
        }
        if (finder.unopened() > 0) {
            context.err()
                    .printf(
                            "rookery: not looked into: %d tar or packed file%s; name what matters, or add --deep%n",
                            finder.unopened(), finder.unopened() == 1 ? "" : "s");
        }
    }

    private void trouble(String text, List<String> troubles) {
        troubles.add(text);
        context.err().println("rookery: " + Harmless.line(text));
    }

    private String line(Item item) throws IOException {
        return Harmless.line(item.name() + ": " + item.report(depth(item)).describe()) + "\n";
    }

    private String text(Human human, Inspected inspected) {
        var text = new StringBuilder();
        human.lines(inspected).forEach(line -> text.append(line).append('\n'));
        if (details) human.details(inspected).forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private Item show(Set<Views.View> views, Item item) throws IOException {
        context.out().println(Harmless.line(item.name()));
        return item.read(source -> {
            var shown = new Views(context.out()::println);
            views.forEach(view -> shown.show(view, source));
            return item;
        });
    }

    private static String names(Report report) {
        var text = new StringBuilder();
        if (report.facts() instanceof Report.Elf(var elf, _)) {
            elf.needed().forEach(name -> text.append(Harmless.line(name)).append('\n'));
        }
        if (report.facts() instanceof Report.Pe(var pe)) {
            pe.imports().forEach(name -> text.append(Harmless.line(name)).append('\n'));
        }
        return text.toString();
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
            each(1, check::on, differs -> differ[0] |= differs, troubles);
            if (crossCheck) context.err().println("rookery: " + check.summary());
        } catch (IOException e) {
            throw new RookeryException(Blame.HOST, String.valueOf(e.getMessage()), e);
        }
        if (!troubles.isEmpty()) return ExitCodes.USAGE;
        return differ[0] ? ExitCodes.NOT_STATIC : ExitCodes.OK;
    }
}
