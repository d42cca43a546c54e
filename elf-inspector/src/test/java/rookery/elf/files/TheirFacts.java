package rookery.elf.files;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what readelf or eu-readelf printed about one file, line by line.
final class TheirFacts {
    private static final Pattern HEADER = Pattern.compile(" {2}(\\S[^:]*): *(.*)");
    private static final Pattern SEGMENT =
            Pattern.compile(
                    " {2}(\\S+|<unknown>: \\w+) +0x(\\w+) 0x(\\w+) 0x(\\w+) 0x(\\w+) 0x(\\w+) (...) ?(?:0x)?(\\w+)");
    private static final Pattern SECTION =
            Pattern.compile(
                    " *\\[ *(\\d+)] (.*?) +(<unknown>: \\w+|SYMTAB SECTION INDICES|\\S+) +([0-9a-f]{8,16}) +([0-9a-f]{6,}) +([0-9a-f]{6,}) +(\\w+) +([A-Za-z]*) *(\\d+) +(\\d+) +(\\d+)");
    private static final Pattern SYMBOL =
            Pattern.compile(
                    " *\\d+: ([0-9a-f]{8,16}) +(\\w+) (<[^>]*>: \\w+|\\S+) +(<[^>]*>: \\w+|\\S+) +\\w+ +(?:\\[[A-Z<].*?] +)?(bad section index\\[ *\\w+]|<unknown>: \\w+|(?:PRC|OS |RSV)\\[\\w+]|\\w+)(?: (.*?))?(?: \\(\\d+\\))?");
    private static final Pattern TAG = Pattern.compile(" 0x(\\w+) \\(.*?\\) *(.*)");
    private static final Pattern NAMED_TAG = Pattern.compile(" {2}(<unknown>: \\w+|\\S+) *(.*)");
    private static final Pattern NUMBER = Pattern.compile("(0x)?([0-9a-f]+)(?: \\(bytes\\))?");
    private static final Pattern LIBRARY =
            Pattern.compile("Library (?:soname|rpath|runpath): \\[(.*)]|Shared library: \\[(.*)]");
    private static final Pattern WANTED_FILE =
            Pattern.compile(".*Version: \\d+ +File: (.*?) +Cnt: .*");
    private static final Pattern WANTED =
            Pattern.compile(".*: +Name: (.*?) +Flags: (\\S+).* Version: (\\d+)");
    private static final Pattern ABI = Pattern.compile("OS: (\\S+), ABI: (\\S+)");
    private static final Pattern INDEX =
            Pattern.compile("Index of archive .*?(?:\\(| has )(\\d+) entries.*");

    /// Which part of the output the line is in.
    private enum Part {
        OTHER,
        HEADER,
        SECTIONS,
        SEGMENTS,
        DYNAMIC,
        VERSION_NEEDS,
        DYNAMIC_SYMBOLS,
        SYMBOLS,
        NOTES
    }

    private final Tool tool;
    private final Facts facts = new Facts();
    private Part part = Part.OTHER;
    private String wantedFile = "";

    TheirFacts(Tool tool) {
        this.tool = tool;
    }

    Facts facts() {
        return facts;
    }

    void line(String line) {
        Part begun = begins(line);
        if (begun != null) {
            part = begun;
            return;
        }
        switch (part) {
            case OTHER -> {}
            case HEADER -> header(line);
            case SECTIONS -> section(line);
            case SEGMENTS -> segment(line);
            case DYNAMIC -> dynamic(line);
            case VERSION_NEEDS -> wanted(line);
            case DYNAMIC_SYMBOLS -> symbol(Facts.Kind.DYNAMIC_SYMBOLS, line);
            case SYMBOLS -> symbol(Facts.Kind.SYMBOLS, line);
            case NOTES -> note(line);
        }
    }

    private @Nullable Part begins(String line) {
        if (line.isEmpty() || (line.charAt(0) <= '9' && !line.startsWith(" Section to"))) {
            return null;
        }
        if (line.startsWith("ELF Header:")) return Part.HEADER;
        if (line.startsWith("Section Header")) return Part.SECTIONS;
        if (line.startsWith("Program Header")) return Part.SEGMENTS;
        if (line.startsWith("Dynamic se")) return Part.DYNAMIC;
        if (line.startsWith("Version needs section")) return Part.VERSION_NEEDS;
        if (line.startsWith("Symbol table ")) {
            return line.contains("'.symtab'") ? Part.SYMBOLS : Part.DYNAMIC_SYMBOLS;
        }
        if (line.startsWith("Displaying notes") || line.startsWith("Note se")) return Part.NOTES;
        Matcher index = INDEX.matcher(line);
        if (index.matches()) {
            // eu-readelf counts the entry that closes libelf's own copy of the index.
            long count = Long.parseLong(index.group(1)) - (tool == Tool.EU_READELF ? 1 : 0);
            facts.add(Facts.Kind.INDEX, "symbols " + count);
            return Part.OTHER;
        }
        // eu-readelf's sections begin at the margin.
        return line.charAt(0) == '[' ? null : Part.OTHER;
    }

    private void header(String line) {
        Matcher m = HEADER.matcher(line);
        if (!m.matches()) {
            return;
        }
        String text = m.group(2).strip();
        switch (m.group(1)) {
            case "Class" -> head("class", text);
            case "Data" -> head("data", text.contains("little") ? "little" : "big");
            case "OS/ABI" -> head("os", system(text));
            case "ABI Version" -> head("abi", text);
            case "Type" -> head("type", text.replaceAll(" .*", ""));
            case "Machine" -> head("machine", Tags.machine(text));
            case "Entry point address" -> head("entry", hex(text.replace("0x", "")));
            case "Start of program headers" -> head("segments-at", first(text));
            case "Start of section headers" -> head("sections-at", first(text));
            // eu-readelf prints words here.
            case "Flags" ->
                    head(
                            "flags",
                            text.startsWith("0x")
                                    ? hex(text.substring(2).replaceAll(",.*", ""))
                                    : Facts.UNKNOWN);
            case "Size of program headers", "Size of program header entries" ->
                    head("segment-bytes", first(text));
            case "Number of program headers", "Number of program headers entries" ->
                    head("segments", real(text));
            case "Size of section headers", "Size of section header entries" ->
                    head("section-bytes", first(text));
            case "Number of section headers", "Number of section headers entries" ->
                    head("sections", real(text));
            case "Section header string table index" -> head("section-names", real(text));
            default -> {}
        }
    }

    private void head(String field, String value) {
        facts.add(Facts.Kind.HEADER, field + " " + value);
    }

    private static String system(String name) {
        return switch (name) {
            case "UNIX - System V" -> "0";
            case "UNIX - NetBSD" -> "2";
            case "UNIX - GNU", "Linux" -> "3";
            case "UNIX - FreeBSD", "FreeBSD" -> "9";
            default -> Facts.UNKNOWN;
        };
    }

    private static String first(String text) {
        return text.replaceAll(" .*", "");
    }

    /// `0 (70000)`: a number that does not fit into the header is elsewhere.
    private static String real(String text) {
        return text.replaceAll("^\\d+ \\((\\d+).*", "$1").replaceAll(" .*", "");
    }

    private void section(String line) {
        Matcher m = SECTION.matcher(line);
        if (m.matches()) {
            int base = tool == Tool.READELF ? 16 : 10;
            facts.add(
                    Facts.Kind.SECTIONS,
                    "section %s %s %s %s %s %s %d [%s] %s %s %s"
                            .formatted(
                                    m.group(1),
                                    Facts.word(m.group(2).strip()),
                                    Tags.section(m.group(3)),
                                    hex(m.group(4)),
                                    hex(m.group(5)),
                                    hex(m.group(6)),
                                    Long.parseLong(m.group(7), base),
                                    m.group(8).replaceAll("[^WAXMSILGTC]", ""),
                                    m.group(9),
                                    m.group(10),
                                    m.group(11)));
        }
    }

    private void segment(String line) {
        Matcher m = SEGMENT.matcher(line);
        if (m.matches()) {
            facts.add(
                    Facts.Kind.SEGMENTS,
                    "segment %s %s %s %s %s %s %s %s"
                            .formatted(
                                    Tags.segment(m.group(1)),
                                    hex(m.group(2)),
                                    hex(m.group(3)),
                                    hex(m.group(4)),
                                    hex(m.group(5)),
                                    hex(m.group(6)),
                                    m.group(7).replace(' ', '-'),
                                    hex(m.group(8))));
        }
    }

    private void dynamic(String line) {
        Matcher m = (tool == Tool.READELF ? TAG : NAMED_TAG).matcher(line);
        if (!m.matches() || m.group(1).equals("Type")) {
            return;
        }
        String tag = tool == Tool.READELF ? hex(m.group(1)) : Tags.dynamic(m.group(1));
        if (!tag.equals("0")) {
            facts.add(Facts.Kind.DYNAMIC, "dynamic " + tag + " " + value(m.group(2).strip()));
        }
    }

    private static String value(String text) {
        Matcher library = LIBRARY.matcher(text);
        if (library.matches()) {
            String name = library.group(1) == null ? library.group(2) : library.group(1);
            return "[" + Facts.word(name) + "]";
        }
        Matcher number = NUMBER.matcher(text);
        if (!number.matches()) {
            return Facts.UNKNOWN;
        }
        return number.group(1) == null
                ? Long.toHexString(Long.parseUnsignedLong(number.group(2)))
                : hex(number.group(2));
    }

    private void wanted(String line) {
        Matcher file = WANTED_FILE.matcher(line);
        Matcher version = WANTED.matcher(line);
        if (file.matches()) {
            wantedFile = Facts.word(file.group(1));
        } else if (version.matches()) {
            facts.add(
                    Facts.Kind.VERSION_NEEDS,
                    "wants %s %s %s %s"
                            .formatted(
                                    wantedFile,
                                    version.group(1),
                                    version.group(3),
                                    version.group(2)));
        }
    }

    private void symbol(Facts.Kind table, String line) {
        Matcher m = SYMBOL.matcher(line);
        if (!m.matches()) {
            return;
        }
        String kind = Tags.symbolKind(m.group(3));
        String size = m.group(2);
        String name = kind.equals("3") || m.group(6) == null ? "" : m.group(6);
        facts.add(
                table,
                "symbol %s %d %s %s %s %s"
                        .formatted(
                                hex(m.group(1)),
                                size.startsWith("0x") ? Long.decode(size) : Long.parseLong(size),
                                kind,
                                Tags.binding(m.group(4)),
                                Tags.symbolSection(m.group(5)),
                                // eu-readelf gives a version's own symbol its version once more.
                                Facts.word(
                                        name.replace("@@", "@")
                                                .strip()
                                                .replaceAll("^(.+)@\\1$", "$1"))));
    }

    private void note(String line) {
        int id = line.indexOf("Build ID: ");
        if (id >= 0) {
            facts.addOnce(
                    Facts.Kind.NOTES, "build-id " + line.substring(id + "Build ID: ".length()));
        }
        Matcher abi = ABI.matcher(line);
        if (abi.find()) {
            String os = abi.group(1).equals("Linux") ? "0" : Facts.UNKNOWN;
            facts.addOnce(Facts.Kind.NOTES, "abi " + os + " " + abi.group(2));
        }
    }

    private static String hex(String digits) {
        return Long.toHexString(Long.parseUnsignedLong(digits.strip(), 16));
    }
}
