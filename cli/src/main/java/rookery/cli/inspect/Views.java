package rookery.cli.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import rookery.cli.view.Harmless;
import rookery.elf.CompressedSection;
import rookery.elf.Dynamic;
import rookery.elf.ElfFile;
import rookery.elf.ElfHeader;
import rookery.elf.Extent;
import rookery.elf.Inspection;
import rookery.elf.Note;
import rookery.elf.Report;
import rookery.elf.Section;
import rookery.elf.Segment;
import rookery.elf.Symbol;
import rookery.elf.bytes.Source;

/// The views that people know from readelf: the same facts, one per line.
public final class Views {
    /// What can be shown, under readelf's letters.
    public enum View {
        HEADER,
        SEGMENTS,
        SECTIONS,
        SYMBOLS,
        DYNAMIC,
        NOTES,
        VERSIONS
    }

    private final Consumer<String> out;

    public Views(Consumer<String> out) {
        this.out = line -> out.accept(Harmless.line(line));
    }

    /// Shows one view of an ELF file; other files have none.
    public void show(View view, Source source) {
        Report report = Inspection.of(source, Inspection.Depth.VERDICT);
        if (!(report.facts() instanceof Report.Elf(ElfFile elf, _))) {
            out.accept("  " + report.describe() + ": there is no such view of it");
            return;
        }
        switch (view) {
            case HEADER -> header(elf.header());
            case SEGMENTS -> segments(elf);
            case SECTIONS -> sections(source);
            case SYMBOLS -> symbols(source);
            case DYNAMIC -> dynamic(elf);
            case NOTES -> notes(elf);
            case VERSIONS -> versions(elf);
        }
    }

    private void header(ElfHeader h) {
        out.accept("ELF header");
        out.accept("  class, order     " + h.layout().words());
        out.accept(
                "  ident            class %d, data %d, version %d, OS ABI %d.%d"
                        .formatted(
                                h.ident().elfClass(),
                                h.ident().data(),
                                h.ident().version(),
                                h.ident().osAbi(),
                                h.ident().abiVersion()));
        out.accept("  type             " + h.type());
        out.accept("  machine          " + h.machine());
        out.accept("  entry            0x%x".formatted(h.entry()));
        out.accept("  flags            0x%x".formatted(h.flags()));
        out.accept(
                "  program headers  %d of %d bytes at %d"
                        .formatted(
                                h.programHeaders().count(),
                                h.programHeaders().entryBytes(),
                                h.programHeaders().offset()));
        out.accept(
                "  section headers  %d of %d bytes at %d, names in %d"
                        .formatted(
                                h.sectionHeaders().count(),
                                h.sectionHeaders().entryBytes(),
                                h.sectionHeaders().offset(),
                                h.sectionNames()));
    }

    private void segments(ElfFile elf) {
        out.accept("Program headers");
        for (Segment segment : elf.segments()) {
            Extent e = segment.extent();
            out.accept(
                    "  %-14s offset 0x%06x  address 0x%x  physical 0x%x  file 0x%x  memory 0x%x  %s%s%s  align 0x%x"
                            .formatted(
                                    name(segment),
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
        elf.interpreter().ifPresent(path -> out.accept("  interpreter " + path));
    }

    private static String name(Segment segment) {
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
            case Segment.Unknown(int type, _) -> "0x" + Integer.toHexString(type);
        };
    }

    private void sections(Source source) {
        out.accept("Section headers");
        List<Section> sections = Inspection.sections(source);
        List<CompressedSection> packed = Inspection.compressedSections(source);
        for (int i = 0; i < sections.size(); i++) {
            Section s = sections.get(i);
            out.accept(
                    "  [%2d] %-20s type 0x%x  flags 0x%x%s  address 0x%x  offset 0x%06x  size 0x%x  entry %d  link %d  info %d  align %d%s"
                            .formatted(
                                    i,
                                    s.name(),
                                    s.type(),
                                    s.flags(),
                                    letters(s),
                                    s.address(),
                                    s.offset(),
                                    s.sizeBytes(),
                                    s.entryBytes(),
                                    s.link(),
                                    s.info(),
                                    s.align(),
                                    packed(s, packed)));
        }
    }

    /// As readelf writes them.
    private static String letters(Section section) {
        String all = "WAX?MSILOGTC";
        var letters = new StringBuilder();
        for (int bit = 0; bit < all.length(); bit++) {
            if (all.charAt(bit) != '?' && (section.flags() >>> bit & 1) != 0) {
                letters.append(all.charAt(bit));
            }
        }
        return letters.isEmpty() ? "" : " " + letters;
    }

    private static String packed(Section section, List<CompressedSection> packed) {
        for (CompressedSection one : packed) {
            if (one.offsetBytes() == section.offset() && one.name().equals(section.name())) {
                return "  packed " + one.method() + ", in full 0x%x".formatted(one.fullBytes());
            }
        }
        return "";
    }

    private void symbols(Source source) {
        for (Inspection.SymbolTable table : Inspection.SymbolTable.values()) {
            out.accept(table == Inspection.SymbolTable.STATIC ? "Symbols" : "Dynamic symbols");
            Inspection.symbols(source, table, symbol -> out.accept("  " + line(symbol)));
        }
    }

    private static String line(Symbol symbol) {
        return "%016x %6d  kind %-2d binding %d  section %-5d %s%s"
                .formatted(
                        symbol.value(),
                        symbol.sizeBytes(),
                        symbol.kind(),
                        symbol.binding(),
                        symbol.section(),
                        symbol.name(),
                        symbol.version().map(v -> "@" + v).orElse(""));
    }

    private void dynamic(ElfFile elf) {
        out.accept("Dynamic section");
        if (elf.dynamic().isEmpty()) {
            out.accept("  there is none");
            return;
        }
        Dynamic dynamic = elf.dynamic().get();
        dynamic.needed().forEach(name -> out.accept("  NEEDED   " + name));
        dynamic.soname().ifPresent(name -> out.accept("  SONAME   " + name));
        dynamic.rpath().ifPresent(name -> out.accept("  RPATH    " + name));
        dynamic.runpath().ifPresent(name -> out.accept("  RUNPATH  " + name));
        for (Dynamic.Entry entry : dynamic.entries()) {
            out.accept("  0x%08x  0x%x".formatted(entry.tag(), entry.value()));
        }
    }

    private void notes(ElfFile elf) {
        out.accept("Notes");
        for (Note note : elf.notes()) {
            out.accept("  " + text(note));
        }
    }

    private static String text(Note note) {
        return switch (note) {
            case Note.BuildId(String hex) -> "build id " + hex;
            case Note.AbiTag tag ->
                    "ABI tag: OS %d, %d.%d.%d"
                            .formatted(tag.os(), tag.major(), tag.minor(), tag.patch());
            case Note.GoBuildId(String id) -> "Go build id " + id;
            case Note.Properties p -> {
                List<String> words = new ArrayList<>();
                if (p.x86Level() > 0) words.add("needs x86-64-v" + p.x86Level());
                if (p.ibt()) words.add("IBT");
                if (p.shadowStack()) words.add("SHSTK");
                if (p.bti()) words.add("BTI");
                if (p.pac()) words.add("PAC");
                yield "properties: " + String.join(", ", words);
            }
            case Note.ForeignSystem(String goos) -> "system " + goos;
            case Note.Unknown(String owner, int type, long bytes) ->
                    "%s, type %d, %d bytes".formatted(owner, type, bytes);
        };
    }

    private void versions(ElfFile elf) {
        out.accept("Versions wanted");
        elf.dynamic().map(Dynamic::versionNeeds).orElse(List.of()).stream()
                .map(need ->
                        "  %-20s of %s%s"
                                .formatted(
                                        need.version(),
                                        need.library(),
                                        need.weak() ? " (weak)" : ""))
                .forEach(out);
    }
}
