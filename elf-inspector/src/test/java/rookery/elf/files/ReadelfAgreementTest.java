package rookery.elf.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.elf.Dynamic;
import rookery.elf.ElfFile;
import rookery.elf.ElfType;
import rookery.elf.Inspection;
import rookery.elf.Report;
import rookery.elf.Segment;
import rookery.elf.Tools;

/// The files of this machine, read by us and by readelf: the same facts, file by file.
class ReadelfAgreementTest {
    private static final int FILES = 3000;
    private static final int FEWEST_FILES = 300;
    private static final int FILES_PER_RUN = 50;

    @TempDir Path dir;

    private static final Pattern SEGMENT =
            Pattern.compile(
                    " {2}(\\S+) +0x(\\w+) 0x(\\w+) 0x(\\w+) 0x(\\w+) 0x(\\w+) (...) (?:0x)?(\\w+)");
    private static final Pattern ENTRY = Pattern.compile(" 0x(\\w+) \\((\\w+)\\) *(.*)");
    private static final Pattern BRACKETS = Pattern.compile(".*\\[(.*)]");

    @Test
    void headerSegmentsAndDynamicSectionAreReadelfs() throws IOException {
        List<Path> files = someElfFiles();
        assertThat(files).as("ELF files on this machine").hasSizeGreaterThan(FEWEST_FILES);
        Map<Path, String> outputs = readelf(files);
        List<String> disagreements = new ArrayList<>();
        for (Path file : files) {
            Report report = Inspector.inspect(file, Inspection.Depth.VERDICT);
            assertThat(report.facts())
                    .as("%s: %s", file, report.linkage())
                    .isInstanceOf(Report.Elf.class);
            ElfFile elf = ((Report.Elf) report.facts()).file();
            List<String> ours = facts(elf);
            List<String> theirs = facts(outputs.getOrDefault(file, ""));
            if (!ours.equals(theirs)) {
                disagreements.add(file + "\n  ours   " + ours + "\n  theirs " + theirs);
            }
        }
        assertThat(disagreements).isEmpty();
    }

    /// All files, or every n-th where there are very many, of the system's programs and libraries,
    /// in the order of their names.
    private static List<Path> someElfFiles() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String root : List.of("/usr/bin", "/usr/lib")) {
            try (Stream<Path> walk = Files.walk(Path.of(root))) {
                walk.filter(Files::isRegularFile)
                        .filter(p -> !Files.isSymbolicLink(p))
                        .filter(ReadelfAgreementTest::isElf)
                        .forEach(all::add);
            }
        }
        all.sort(null);
        List<Path> some = new ArrayList<>();
        double step = Math.max(1.0, (double) all.size() / FILES);
        for (double i = 0; i < all.size(); i += step) {
            some.add(all.get((int) i));
        }
        return some;
    }

    private static boolean isElf(Path file) {
        try (var in = Files.newInputStream(file)) {
            byte[] magic = in.readNBytes(4);
            return magic.length == 4
                    && magic[0] == 0x7f
                    && magic[1] == 'E'
                    && magic[2] == 'L'
                    && magic[3] == 'F';
        } catch (IOException e) {
            return false;
        }
    }

    private Map<Path, String> readelf(List<Path> files) {
        Map<Path, String> outputs = new TreeMap<>();
        Tools tools = new Tools(dir);
        for (int first = 0; first < files.size(); first += FILES_PER_RUN) {
            List<String> command = new ArrayList<>(List.of("readelf", "-W", "-h", "-l", "-d"));
            // With one file only, readelf does not print its name.
            command.add("/dev/null");
            files.subList(first, Math.min(files.size(), first + FILES_PER_RUN))
                    .forEach(f -> command.add(f.toString()));
            String output = tools.runWhateverItReturns(Map.of(), command);
            for (String part : output.split("\nFile: ", -1)) {
                int end = part.indexOf('\n');
                if (end > 0) {
                    outputs.put(Path.of(part.substring(0, end)), part.substring(end));
                }
            }
        }
        return outputs;
    }

    private static List<String> facts(ElfFile elf) {
        List<String> facts = new ArrayList<>();
        facts.add("class ELF" + elf.header().layout().bits());
        facts.add("type " + type(elf.header().type()));
        facts.add("entry " + Long.toHexString(elf.header().entry()));
        facts.add("flags " + Integer.toHexString(elf.header().flags()));
        facts.add("program headers " + elf.header().programHeaders().count());
        facts.add("section headers " + elf.header().sectionHeaders().count());
        for (Segment segment : elf.segments()) {
            var e = segment.extent();
            facts.add(
                    "%s %x %x %x %x %x %s %x"
                            .formatted(
                                    word(segment),
                                    e.offset(),
                                    e.address(),
                                    e.physicalAddress(),
                                    e.fileBytes(),
                                    e.memoryBytes(),
                                    flags(segment),
                                    e.align()));
        }
        elf.interpreter()
                .filter(path -> !path.isEmpty())
                .ifPresent(path -> facts.add("interpreter " + path));
        elf.dynamic().ifPresent(dynamic -> facts.addAll(facts(dynamic)));
        return facts;
    }

    private static List<String> facts(Dynamic dynamic) {
        List<String> facts = new ArrayList<>();
        dynamic.entries().forEach(e -> facts.add("tag " + Long.toHexString(e.tag())));
        dynamic.needed().forEach(name -> facts.add("NEEDED " + name));
        dynamic.soname().ifPresent(name -> facts.add("SONAME " + name));
        dynamic.rpath().ifPresent(name -> facts.add("RPATH " + name));
        dynamic.runpath().ifPresent(name -> facts.add("RUNPATH " + name));
        return facts;
    }

    private static String type(ElfType type) {
        return switch (type) {
            case ElfType.Known known ->
                    switch (known) {
                        case NONE -> "NONE";
                        case RELOCATABLE -> "REL";
                        case EXECUTABLE -> "EXEC";
                        case SHARED -> "DYN";
                        case CORE -> "CORE";
                    };
            case ElfType.Unknown(int code) -> Integer.toHexString(code);
        };
    }

    private static String word(Segment segment) {
        return switch (segment) {
            case Segment.Load _ -> "LOAD";
            case Segment.DynamicTable _ -> "DYNAMIC";
            case Segment.Interpreter _ -> "INTERP";
            case Segment.Notes _ -> "NOTE";
            case Segment.Headers _ -> "PHDR";
            case Segment.TlsTemplate _ -> "TLS";
            case Segment.Stack _ -> "GNU_STACK";
            case Segment.ReadOnlyAfterRelocation _ -> "GNU_RELRO";
            case Segment.Properties _ -> "GNU_PROPERTY";
            case Segment.UnwindIndex _ -> "GNU_EH_FRAME";
            case Segment.Unknown(int type, _) ->
                    switch (type) {
                        case 0 -> "NULL";
                        case 0x70000003 -> "RISCV_ATTRIBUT";
                        default -> "other";
                    };
        };
    }

    private static String flags(Segment segment) {
        var e = segment.extent();
        return (e.readable() ? "R" : " ")
                + (e.writable() ? "W" : " ")
                + (e.executable() ? "E" : " ");
    }

    private static List<String> facts(String readelf) {
        List<String> facts = new ArrayList<>();
        facts.add("class " + field(readelf, "Class:"));
        facts.add("type " + field(readelf, "Type:").split(" ", 2)[0]);
        facts.add("entry " + number(field(readelf, "Entry point address:")));
        facts.add("flags " + number(field(readelf, "Flags:").split(",", 2)[0]));
        facts.add("program headers " + field(readelf, "Number of program headers:"));
        facts.add(
                "section headers "
                        + field(readelf, "Number of section headers:")
                                .replaceAll("0 \\((\\d+)\\)", "$1"));
        Optional<String> interpreter = Optional.empty();
        List<String> tags = new ArrayList<>();
        Map<String, List<String>> names = new TreeMap<>();
        for (String line : readelf.lines().toList()) {
            Matcher segment = SEGMENT.matcher(line);
            Matcher entry = ENTRY.matcher(line);
            if (segment.matches()) {
                StringBuilder fact =
                        new StringBuilder(
                                segment.group(1)
                                                .matches(
                                                        "LOAD|DYNAMIC|INTERP|NOTE|PHDR|TLS|GNU_STACK|GNU_RELRO|GNU_PROPERTY|GNU_EH_FRAME|NULL|RISCV_ATTRIBUT")
                                        ? segment.group(1)
                                        : "other");
                for (int i = 2; i <= 6; i++) {
                    fact.append(' ').append(number(segment.group(i)));
                }
                facts.add(fact + " " + segment.group(7) + " " + number(segment.group(8)));
            } else if (line.contains("[Requesting program interpreter: ")) {
                interpreter = Optional.of(line.replaceAll(".*interpreter: (.*)]", "$1"));
            } else if (entry.matches() && !entry.group(2).equals("NULL")) {
                tags.add("tag " + number(entry.group(1)));
                Matcher name = BRACKETS.matcher(entry.group(3));
                if (name.matches()) {
                    names.computeIfAbsent(entry.group(2), _ -> new ArrayList<>())
                            .add(name.group(1));
                }
            }
        }
        interpreter.ifPresent(path -> facts.add("interpreter " + path));
        facts.addAll(tags);
        for (String kind : List.of("NEEDED", "SONAME", "RPATH", "RUNPATH")) {
            names.getOrDefault(kind, List.of()).forEach(name -> facts.add(kind + " " + name));
        }
        return facts;
    }

    private static String field(String readelf, String name) {
        return readelf.lines()
                .filter(line -> line.startsWith("  " + name))
                .map(line -> line.substring(2 + name.length()).strip())
                .findFirst()
                .orElse("missing");
    }

    private static String number(String hex) {
        String digits = hex.startsWith("0x") ? hex.substring(2) : hex;
        return Long.toHexString(Long.parseUnsignedLong(digits, 16));
    }
}
