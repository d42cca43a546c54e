package rookery.elf.files;

import java.nio.ByteOrder;
import java.util.List;
import rookery.elf.Dynamic;
import rookery.elf.ElfFile;
import rookery.elf.ElfHeader;
import rookery.elf.ElfType;
import rookery.elf.Inspection;
import rookery.elf.Note;
import rookery.elf.Report;
import rookery.elf.Section;
import rookery.elf.Segment;
import rookery.elf.Symbol;
import rookery.elf.bytes.Source;
import rookery.elf.bytes.UnreadableException;

/// What this module finds in a file, as [Facts].
final class OurFacts {
    private static final int DYNSYM = 11;
    private static final int SECTION_SYMBOL = 3;
    private static final String FLAG_LETTERS = "WAX.MSIL.GTC";

    private final Facts facts = new Facts();

    private OurFacts() {}

    static Facts of(Source source) {
        Report report = Inspection.of(source, Inspection.Depth.VERDICT);
        var ours = new OurFacts();
        if (!(report.facts() instanceof Report.Elf(ElfFile elf, _))) {
            ours.facts.add(Facts.Kind.HEADER, "not read: " + report.describe());
            return ours.facts;
        }
        ours.header(elf.header());
        ours.segments(elf);
        elf.dynamic().ifPresent(ours::dynamic);
        ours.notes(elf);
        try {
            List<Section> sections = Inspection.sections(source);
            ours.sections(sections);
            if (sections.stream().anyMatch(s -> s.type() == DYNSYM && s.hasBytes())) {
                Inspection.symbols(
                        source,
                        Inspection.SymbolTable.DYNAMIC,
                        s -> ours.symbol(Facts.Kind.DYNAMIC_SYMBOLS, s));
            }
            Inspection.symbols(
                    source, Inspection.SymbolTable.STATIC, s -> ours.symbol(Facts.Kind.SYMBOLS, s));
        } catch (UnreadableException e) {
            ours.facts.add(Facts.Kind.SECTIONS, "not read: " + e.getMessage());
        }
        return ours.facts;
    }

    private void header(ElfHeader header) {
        head("class", "ELF" + header.layout().bits());
        head("data", header.layout().order() == ByteOrder.LITTLE_ENDIAN ? "little" : "big");
        head("os", header.ident().osAbi());
        head("abi", header.ident().abiVersion());
        head("type", type(header.type()));
        head("machine", header.machine());
        head("entry", Long.toHexString(header.entry()));
        head("segments-at", header.programHeaders().offset());
        head("sections-at", header.sectionHeaders().offset());
        head("flags", Integer.toHexString(header.flags()));
        head("segment-bytes", header.programHeaders().entryBytes());
        head("segments", header.programHeaders().count());
        head("section-bytes", header.sectionHeaders().entryBytes());
        head("sections", header.sectionHeaders().count());
        head("section-names", header.sectionNames());
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
            case ElfType.Unknown(int code) -> Integer.toString(code);
        };
    }

    private void head(String field, Object value) {
        facts.add(Facts.Kind.HEADER, field + " " + value);
    }

    private void segments(ElfFile elf) {
        for (Segment segment : elf.segments()) {
            var e = segment.extent();
            facts.add(
                    Facts.Kind.SEGMENTS,
                    "segment %x %x %x %x %x %x %s%s%s %x"
                            .formatted(
                                    segment.type(),
                                    e.offset(),
                                    e.address(),
                                    e.physicalAddress(),
                                    e.fileBytes(),
                                    e.memoryBytes(),
                                    e.readable() ? "R" : "-",
                                    e.writable() ? "W" : "-",
                                    e.executable() ? "E" : "-",
                                    e.align()));
        }
    }

    private void sections(List<Section> sections) {
        for (int i = 0; i < sections.size(); i++) {
            Section s = sections.get(i);
            facts.add(
                    Facts.Kind.SECTIONS,
                    "section %d %s %x %x %x %x %d [%s] %d %d %d"
                            .formatted(
                                    i,
                                    Facts.word(s.name()),
                                    s.type(),
                                    s.address(),
                                    s.offset(),
                                    s.sizeBytes(),
                                    s.entryBytes(),
                                    letters(s.flags()),
                                    s.link(),
                                    Integer.toUnsignedLong(s.info()),
                                    s.align()));
        }
    }

    private static String letters(long flags) {
        var letters = new StringBuilder();
        for (int i = 0; i < FLAG_LETTERS.length(); i++) {
            if ((flags & 1L << i) != 0 && FLAG_LETTERS.charAt(i) != '.') {
                letters.append(FLAG_LETTERS.charAt(i));
            }
        }
        return letters.toString();
    }

    private void dynamic(Dynamic dynamic) {
        var needed = dynamic.needed().iterator();
        for (Dynamic.Entry entry : dynamic.entries()) {
            String value =
                    switch (Tags.name(entry.tag())) {
                        case "NEEDED" -> name(needed.next());
                        case "SONAME" -> name(dynamic.soname().orElse(""));
                        case "RPATH" -> name(dynamic.rpath().orElse(""));
                        case "RUNPATH" -> name(dynamic.runpath().orElse(""));
                        default -> Long.toHexString(entry.value());
                    };
            facts.add(Facts.Kind.DYNAMIC, "dynamic %x %s".formatted(entry.tag(), value));
        }
        for (Dynamic.VersionNeed need : dynamic.versionNeeds()) {
            facts.add(
                    Facts.Kind.VERSION_NEEDS,
                    "wants %s %s %d %s"
                            .formatted(
                                    Facts.word(need.library()),
                                    need.version(),
                                    need.index(),
                                    need.weak() ? "WEAK" : "none"));
        }
    }

    private static String name(String text) {
        return "[" + Facts.word(text) + "]";
    }

    private void symbol(Facts.Kind table, Symbol s) {
        // A section's symbol has no name of its own: the tools print the section's.
        String name =
                s.kind() == SECTION_SYMBOL
                        ? ""
                        : s.name() + s.version().map(v -> "@" + v).orElse("");
        facts.add(
                table,
                "symbol %x %d %d %d %d %s"
                        .formatted(
                                s.value(),
                                s.sizeBytes(),
                                s.kind(),
                                s.binding(),
                                s.section(),
                                Facts.word(name.replace("@@", "@").strip())));
    }

    private void notes(ElfFile elf) {
        for (Note note : elf.notes()) {
            switch (note) {
                case Note.BuildId(String hex) -> facts.addOnce(Facts.Kind.NOTES, "build-id " + hex);
                case Note.AbiTag(int os, int major, int minor, int patch) ->
                        facts.addOnce(
                                Facts.Kind.NOTES,
                                "abi %d %d.%d.%d".formatted(os, major, minor, patch));
                case Note.GoBuildId _, Note.Properties _, Note.ForeignSystem _, Note.Unknown _ -> {}
            }
        }
    }
}
