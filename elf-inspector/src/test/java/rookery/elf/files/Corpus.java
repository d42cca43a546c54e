package rookery.elf.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import rookery.elf.Dynamic;
import rookery.elf.ElfFile;
import rookery.elf.Inspection;
import rookery.elf.Note;
import rookery.elf.Report;
import rookery.elf.Section;
import rookery.elf.Segment;
import rookery.elf.Symbol;
import rookery.elf.Tools;

/// Compares ELF files with what readelf and eu-readelf print of them: header, segments, sections,
/// names of the dynamic section, symbols with their versions, build ids.
///
/// As a program it takes directories and compares every file below them: `java -cp …
/// rookery.elf.files.Corpus /usr`
final class Corpus {
    private static final int FILES_PER_RUN = 40;
    private static final int MAX_SHOWN = 6;

    private static final Pattern SEGMENT =
            Pattern.compile(
                    " {2}(\\S+) +0x(\\w+) 0x(\\w+) 0x(\\w+) 0x(\\w+) 0x(\\w+) (...) ?(?:0x)?(\\w+)");
    private static final Pattern SECTION =
            Pattern.compile(
                    " *\\[ *(\\d+)] (.*?) +(?:<unknown>: \\w+|\\S+) +([0-9a-f]{8,16}) +([0-9a-f]{6,}) +([0-9a-f]{6,}) +\\w+ +[A-Za-z]* *(\\d+) +(\\d+) +(\\d+)");
    private static final Pattern SYMBOL =
            Pattern.compile(
                    " *\\d+: ([0-9a-f]{8,16}) +(\\w+) (\\w+) +(?:<[^>]*>: \\w+|\\w+) +\\w+ +(?:\\[.*?] +)?(?:bad section index\\[ *)?(\\w+)]?(?: (.*?))?(?: \\(\\d+\\))?");
    private static final Pattern NAME =
            Pattern.compile(
                    ".*\\b(NEEDED|SONAME|RPATH|RUNPATH)\\b.*[Ll]ibrary (?:soname|rpath|runpath)?:? ?\\[(.*)]|.*\\b(NEEDED)\\b.*Shared library: \\[(.*)]");

    /// The tools.
    enum Tool {
        READELF("readelf -W -h -l -S -d -s -n"),
        EU_READELF("eu-readelf -h -l -S -d -s");

        private final String command;

        Tool(String command) {
            this.command = command;
        }
    }

    /// How the comparison went.
    record Outcome(int files, List<String> disagreements) {}

    private Corpus() {}

    public static void main(String[] roots) throws IOException {
        long start = System.nanoTime();
        List<Path> files = new ArrayList<>();
        for (String root : roots) {
            files.addAll(elfFiles(Path.of(root), Long.MAX_VALUE));
        }
        for (Tool tool : Tool.values()) {
            Outcome outcome = compare(new Tools(Files.createTempDirectory("corpus")), tool, files);
            outcome.disagreements().forEach(System.out::println);
            System.out.printf(
                    "%s: %d files, %d disagreements, %.1f s%n",
                    tool,
                    outcome.files(),
                    outcome.disagreements().size(),
                    (System.nanoTime() - start) / 1e9);
        }
    }

    static List<Path> elfFiles(Path root, long maxBytes) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(p -> Files.isRegularFile(p, LinkOption.NOFOLLOW_LINKS))
                    .filter(p -> isElf(p, maxBytes))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isElf(Path file, long maxBytes) {
        try (var in = Files.newInputStream(file)) {
            byte[] magic = in.readNBytes(4);
            return magic.length == 4
                    && magic[0] == 0x7f
                    && magic[1] == 'E'
                    && magic[2] == 'L'
                    && magic[3] == 'F'
                    && Files.size(file) <= maxBytes;
        } catch (IOException e) {
            return false;
        }
    }

    static Outcome compare(Tools tools, Tool tool, List<Path> files) throws IOException {
        List<String> disagreements = new ArrayList<>();
        for (int first = 0; first < files.size(); first += FILES_PER_RUN) {
            List<Path> batch = files.subList(first, Math.min(files.size(), first + FILES_PER_RUN));
            Map<Path, List<String>> outputs = run(tools, tool, batch);
            for (Path file : batch) {
                List<String> ours = ours(file, tool);
                List<String> theirs = theirs(outputs.getOrDefault(file, List.of()));
                if (tool == Tool.EU_READELF) {
                    ours = withoutVersionsOfCopies(ours, theirs);
                }
                if (!ours.equals(theirs)) {
                    disagreements.add(file + difference(ours, theirs));
                }
            }
        }
        return new Outcome(files.size(), disagreements);
    }

    /// A variable of a library that the program holds a copy of is defined in the program, and
    /// still has the library's version. readelf shows it; eu-readelf shows versions only of symbols
    /// that are undefined or that the file itself has versions for.
    private static List<String> withoutVersionsOfCopies(List<String> ours, List<String> theirs) {
        List<String> facts = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            String our = ours.get(i);
            int version = our.lastIndexOf('@');
            boolean copy =
                    our.startsWith("symbol ")
                            && !our.startsWith("symbol 0 ")
                            && version > 0
                            && i < theirs.size()
                            && theirs.get(i).equals(our.substring(0, version));
            facts.add(copy ? theirs.get(i) : our);
        }
        return facts;
    }

    private static String difference(List<String> ours, List<String> theirs) {
        var text = new StringBuilder();
        int shown = 0;
        for (int i = 0; i < Math.max(ours.size(), theirs.size()) && shown < MAX_SHOWN; i++) {
            String our = i < ours.size() ? ours.get(i) : "nothing";
            String their = i < theirs.size() ? theirs.get(i) : "nothing";
            if (!our.equals(their)) {
                text.append("\n  ours   ").append(our).append("\n  theirs ").append(their);
                shown++;
            }
        }
        return text.toString();
    }

    private static Map<Path, List<String>> run(Tools tools, Tool tool, List<Path> batch) {
        List<String> command = new ArrayList<>(List.of(tool.command.split(" ", -1)));
        // With one file only, the tools do not print its name.
        command.add("/dev/null");
        batch.forEach(f -> command.add(f.toString()));
        Map<String, Path> headings = new LinkedHashMap<>();
        for (Path file : batch) {
            headings.put(tool == Tool.READELF ? "File: " + file : file + ":", file);
        }
        Map<Path, List<String>> outputs = new LinkedHashMap<>();
        List<String> current = new ArrayList<>();
        for (String line : tools.runWhateverItReturns(Map.of(), command).split("\n", -1)) {
            Path file = headings.get(line);
            if (file != null) {
                current = outputs.computeIfAbsent(file, _ -> new ArrayList<>());
            } else {
                current.add(line);
            }
        }
        return outputs;
    }

    private static List<String> ours(Path file, Tool tool) throws IOException {
        Report report = Inspector.inspect(file, Inspection.Depth.VERDICT);
        if (!(report.facts() instanceof Report.Elf(ElfFile elf, _))) {
            return List.of("not read: " + report.describe());
        }
        List<String> facts = new ArrayList<>();
        facts.add("class ELF" + elf.header().layout().bits());
        facts.add("entry " + Long.toHexString(elf.header().entry()));
        facts.add("segments " + elf.header().programHeaders().count());
        List<String> segments = new ArrayList<>();
        for (Segment segment : elf.segments()) {
            var e = segment.extent();
            segments.add(
                    "segment %x %x %x %x %x %s%s%s %x"
                            .formatted(
                                    e.offset(),
                                    e.address(),
                                    e.physicalAddress(),
                                    e.fileBytes(),
                                    e.memoryBytes(),
                                    e.readable() ? "R" : " ",
                                    e.writable() ? "W" : " ",
                                    e.executable() ? "E" : " ",
                                    e.align()));
        }
        List<Section> sections = Inspector.read(file, Inspection::sections);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < sections.size(); i++) {
            Section s = sections.get(i);
            lines.add(
                    "section %d %s %x %x %x %d %d %d"
                            .formatted(
                                    i,
                                    s.name(),
                                    s.address(),
                                    s.offset(),
                                    s.sizeBytes(),
                                    s.link(),
                                    Integer.toUnsignedLong(s.info()),
                                    s.align()));
        }
        facts.addAll(lines);
        facts.addAll(segments);
        elf.dynamic().ifPresent(d -> names(d, facts));
        boolean dynsym = sections.stream().anyMatch(s -> s.type() == 11 && s.hasBytes());
        if (dynsym) {
            Inspector.symbols(file, Inspection.SymbolTable.DYNAMIC, s -> facts.add(symbol(s)));
        }
        Inspector.symbols(file, Inspection.SymbolTable.STATIC, s -> facts.add(symbol(s)));
        if (tool == Tool.READELF) {
            elf.notes().stream()
                    .filter(n -> n instanceof Note.BuildId)
                    .distinct()
                    .forEach(n -> facts.add("build id " + ((Note.BuildId) n).hex()));
        }
        return facts;
    }

    private static void names(Dynamic dynamic, List<String> facts) {
        dynamic.needed().forEach(n -> facts.add("NEEDED " + n));
        dynamic.soname().ifPresent(n -> facts.add("SONAME " + n));
        dynamic.rpath().ifPresent(n -> facts.add("RPATH " + n));
        dynamic.runpath().ifPresent(n -> facts.add("RUNPATH " + n));
    }

    private static String symbol(Symbol s) {
        // A section's symbol has no name of its own: the tools print the section's.
        String name = s.kind() == 3 ? "" : s.name() + s.version().map(v -> "@" + v).orElse("");
        return "symbol %x %d %s"
                .formatted(s.value(), s.sizeBytes(), visible(name.replace("@@", "@").strip()));
    }

    /// readelf writes ^A for the first control character; assemblers have them in local labels.
    private static String visible(String name) {
        var text = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < ' ') {
                text.append('^').append((char) (c + '@'));
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }

    private static List<String> theirs(List<String> output) {
        List<String> header = new ArrayList<>();
        List<String> segments = new ArrayList<>();
        List<String> sections = new ArrayList<>();
        Map<String, List<String>> names = new LinkedHashMap<>();
        for (String kind : List.of("NEEDED", "SONAME", "RPATH", "RUNPATH")) {
            names.put(kind, new ArrayList<>());
        }
        List<String> dynamic = new ArrayList<>();
        List<String> fixed = new ArrayList<>();
        List<String> symbols = dynamic;
        List<String> ids = new ArrayList<>();
        for (String line : output) {
            Matcher segment = SEGMENT.matcher(line);
            Matcher section = SECTION.matcher(line);
            Matcher symbol = SYMBOL.matcher(line);
            if (line.startsWith("  Class:")) {
                header.add("class " + line.substring(8).strip());
            } else if (line.startsWith("  Entry point")) {
                header.add("entry " + hex(line.replaceAll(".*: *(?:0x)?", "")));
            } else if (line.startsWith("  Number of program headers")) {
                header.add("segments " + line.replaceAll("\\D*: *(\\d+).*", "$1"));
            } else if (line.startsWith("Symbol table ")) {
                symbols = line.contains("'.symtab'") ? fixed : dynamic;
            } else if (symbol.matches()) {
                symbols.add(symbol(symbol));
            } else if (segment.matches()) {
                segments.add(segment(segment));
            } else if (section.matches()) {
                sections.add(section(section));
            } else if (line.contains("Build ID: ")) {
                String id = "build id " + line.replaceAll(".*Build ID: ", "");
                if (!ids.contains(id)) {
                    ids.add(id);
                }
            } else {
                name(line)
                        .ifPresent(n ->
                                names.computeIfAbsent(
                                                n.substring(0, n.indexOf(' ')),
                                                _ -> new ArrayList<>())
                                        .add(n));
            }
        }
        List<String> facts = new ArrayList<>(header);
        facts.addAll(sections);
        facts.addAll(segments);
        names.values().forEach(facts::addAll);
        facts.addAll(dynamic);
        facts.addAll(fixed);
        facts.addAll(ids);
        return facts;
    }

    private static Optional<String> name(String line) {
        Matcher matcher = NAME.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                matcher.group(1) == null
                        ? matcher.group(3) + " " + matcher.group(4)
                        : matcher.group(1) + " " + matcher.group(2));
    }

    private static String symbol(Matcher m) {
        String name = m.group(3).equals("SECTION") || m.group(5) == null ? "" : m.group(5);
        String size = m.group(2);
        return "symbol %s %d %s"
                .formatted(
                        hex(m.group(1)),
                        size.startsWith("0x") ? Long.decode(size) : Long.parseLong(size),
                        // eu-readelf gives a version's own symbol its version once more.
                        visible(name.replace("@@", "@").strip().replaceAll("^(.+)@\\1$", "$1")));
    }

    private static String segment(Matcher m) {
        return "segment %s %s %s %s %s %s %s"
                .formatted(
                        hex(m.group(2)),
                        hex(m.group(3)),
                        hex(m.group(4)),
                        hex(m.group(5)),
                        hex(m.group(6)),
                        m.group(7),
                        hex(m.group(8)));
    }

    private static String section(Matcher m) {
        return "section %s %s %s %s %s %s %s %s"
                .formatted(
                        m.group(1),
                        m.group(2).strip(),
                        hex(m.group(3)),
                        hex(m.group(4)),
                        hex(m.group(5)),
                        m.group(6),
                        m.group(7),
                        m.group(8));
    }

    private static String hex(String digits) {
        return Long.toHexString(Long.parseUnsignedLong(digits.strip(), 16));
    }
}
