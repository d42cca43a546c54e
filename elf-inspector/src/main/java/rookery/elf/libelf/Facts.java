package rookery.elf.libelf;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import rookery.elf.Dynamic;
import rookery.elf.ElfFile;
import rookery.elf.ElfHeader;
import rookery.elf.ElfType;
import rookery.elf.Extent;
import rookery.elf.Inspection;
import rookery.elf.Report;
import rookery.elf.Section;
import rookery.elf.Segment;
import rookery.elf.bytes.Source;

/// The facts of an ELF file as lines of text, by our own engine; [LibelfChild] writes the same
/// lines.
public final class Facts {
    private static final int DYNAMIC = 6;
    private static final int DYNSYM = 11;

    private Facts() {}

    /// Empty for a file that is no ELF file.
    ///
    /// @throws rookery.elf.bytes.UnreadableException when it is a damaged one
    public static List<String> of(Source source) {
        Report report = Inspection.of(source, Inspection.Depth.VERDICT);
        if (!(report.facts() instanceof Report.Elf(ElfFile elf, _))) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(header(elf.header()));
        for (Segment segment : elf.segments()) {
            lines.add(segment(segment));
        }
        List<Section> sections = Inspection.sections(source);
        sections.stream().skip(1).map(Facts::section).forEach(lines::add);
        boolean linked = sections.stream().anyMatch(s -> s.type() == DYNAMIC && s.hasBytes());
        elf.dynamic().filter(_ -> linked).ifPresent(dynamic -> dynamic(dynamic, lines));
        SymbolDigest symbols = new SymbolDigest("static", lines);
        Inspection.symbols(source, Inspection.SymbolTable.STATIC, symbols::add);
        symbols.end();
        if (sections.stream().anyMatch(s -> s.type() == DYNSYM && s.hasBytes())) {
            SymbolDigest dynamic = new SymbolDigest("dynamic", lines);
            Inspection.symbols(source, Inspection.SymbolTable.DYNAMIC, dynamic::add);
            dynamic.end();
        }
        return lines;
    }

    private static String header(ElfHeader h) {
        return "header class=%d order=%s type=%d machine=%d entry=%x flags=%x segments=%d sections=%d"
                .formatted(
                        h.layout().bits(),
                        h.layout().order() == ByteOrder.LITTLE_ENDIAN ? "little" : "big",
                        type(h.type()),
                        h.machine(),
                        h.entry(),
                        h.flags(),
                        h.programHeaders().count(),
                        h.sectionHeaders().count());
    }

    private static int type(ElfType type) {
        return switch (type) {
            case ElfType.Known known ->
                    switch (known) {
                        case NONE -> 0;
                        case RELOCATABLE -> 1;
                        case EXECUTABLE -> 2;
                        case SHARED -> 3;
                        case CORE -> 4;
                    };
            case ElfType.Unknown(int code) -> code;
        };
    }

    private static String segment(Segment segment) {
        Extent e = segment.extent();
        return "segment %x offset=%x address=%x physical=%x file=%x memory=%x flags=%x align=%x"
                .formatted(
                        segment.type(),
                        e.offset(),
                        e.address(),
                        e.physicalAddress(),
                        e.fileBytes(),
                        e.memoryBytes(),
                        e.flags(),
                        e.align());
    }

    private static String section(Section s) {
        return "section %s type=%x flags=%x address=%x offset=%x size=%x link=%x info=%x align=%x entry=%x"
                .formatted(
                        s.name(),
                        s.type(),
                        s.flags(),
                        s.address(),
                        s.offset(),
                        s.sizeBytes(),
                        s.link(),
                        s.info(),
                        s.align(),
                        s.entryBytes());
    }

    private static void dynamic(Dynamic dynamic, List<String> lines) {
        dynamic.entries().forEach(e -> lines.add("dynamic %x=%x".formatted(e.tag(), e.value())));
        dynamic.needed().forEach(name -> lines.add("name 1 " + name));
        dynamic.soname().ifPresent(name -> lines.add("name e " + name));
        dynamic.rpath().ifPresent(name -> lines.add("name f " + name));
        dynamic.runpath().ifPresent(name -> lines.add("name 1d " + name));
    }
}
