package rookery.elf;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import rookery.elf.ar.ArFile;
import rookery.elf.bytes.Budget;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.Source;
import rookery.elf.bytes.UnreadableException;
import rookery.elf.bytes.View;
import rookery.elf.golang.GoBuildInfo;
import rookery.elf.golang.GoBuildInfoReader;
import rookery.elf.pe.PeFile;

/// From bytes to a [Report]. Never throws for what the bytes are: damage is part of the answer.
public final class Inspection {
    /// How much of a file is looked at.
    public enum Depth {
        /// Headers, dynamic section, notes: a few KiB.
        VERDICT,
        /// Also the contents of files that start by themselves, whose libc shows nowhere else.
        DEEP_IF_STATIC,
        /// The contents of every program and library.
        DEEP
    }

    /// Which symbols.
    public enum SymbolTable {
        /// `.symtab`: all, until the file is stripped.
        STATIC,
        /// `.dynsym`: those that the loader binds.
        DYNAMIC
    }

    /// Where a program with a loader is searched for Go's build information: it is at the start of
    /// the data. Go's linker leaves a note in nearly all of its programs; without one it is looked
    /// for less far.
    private static final long MAX_SHALLOW_SEARCH_BYTES = 1 << 20;

    private static final long MAX_SEARCH_WITHOUT_NOTE_BYTES = 64 << 10;

    private static final int MAX_SCRIPT_LINE_BYTES = 256;

    private Inspection() {}

    /// Looks at bytes in memory.
    public static Report of(MemorySegment bytes) {
        return of(Source.of(bytes), Depth.DEEP_IF_STATIC);
    }

    public static Report of(Source source, Depth depth) {
        Input input = new Input(source, new Budget(Budget.VERDICT));
        try {
            return read(input, depth);
        } catch (UnreadableException e) {
            return Report.bare(
                    source.sizeBytes(), new Linkage.Unreadable(e.offsetBytes(), e.reason()));
        }
    }

    /// Walks the symbols of an ELF file, one at a time: a large library has 300,000. Other files
    /// have none.
    ///
    /// @throws UnreadableException when the file or its table is damaged; symbols before the damage
    ///   were visited
    public static void symbols(Source source, SymbolTable table, Consumer<Symbol> visitor) {
        Input input = new Input(source, new Budget(Budget.DEEP));
        View head = input.view(0, Math.min(4, input.sizeBytes()), ByteOrder.BIG_ENDIAN);
        if (Magic.of(head) != Magic.ELF) {
            return;
        }
        ElfFile elf = ElfParser.parse(input);
        SymbolReader reader = new SymbolReader(input, elf);
        switch (table) {
            case STATIC -> reader.table(SectionParser.parse(input, elf.header()), visitor);
            case DYNAMIC -> reader.dynamic(sectionsIfReadable(input, elf), visitor);
        }
    }

    private static List<Section> sectionsIfReadable(Input input, ElfFile elf) {
        try {
            return SectionParser.parse(input, elf.header());
        } catch (UnreadableException e) {
            return List.of();
        }
    }

    private static Report read(Input input, Depth depth) {
        View head =
                input.view(
                        0,
                        Math.min(MAX_SCRIPT_LINE_BYTES, input.sizeBytes()),
                        ByteOrder.BIG_ENDIAN);
        return switch (Magic.of(head)) {
            case ELF -> elf(input, depth);
            case MZ -> pe(input);
            case ARCHIVE, THIN_ARCHIVE -> archive(input);
            case AIX_ARCHIVE -> Report.bare(input.sizeBytes(), new Linkage.Archive(false));
            case MACH_O -> Report.bare(input.sizeBytes(), new Linkage.MachO());
            case SCRIPT ->
                    Report.bare(
                            input.sizeBytes(),
                            new Linkage.Script(
                                    head.textUntilNul(0, head.sizeBytes())
                                            .lines()
                                            .findFirst()
                                            .orElse("#!")
                                            .substring(2)
                                            .strip()));
            case OTHER -> Report.bare(input.sizeBytes(), new Linkage.None());
        };
    }

    private static Report archive(Input input) {
        ArFile file = ArFile.parse(input);
        return new Report(
                input.sizeBytes(),
                new Linkage.Archive(file.thin()),
                new Report.Ar(file),
                Libc.of(Libc.Kind.NONE),
                Optional.empty());
    }

    /// Looks at every member of an archive whose bytes are in it, in file order; other files have
    /// none. Archives in archives are not entered: the visitor may do so, as far as it likes.
    public static void members(Source source, Depth depth, MemberVisitor visitor) {
        Report report = of(source, Depth.VERDICT);
        if (report.facts() instanceof Report.Ar(ArFile file) && !file.thin()) {
            for (ArFile.Member member : file.members()) {
                Source part = Source.part(source, member.offset(), member.sizeBytes());
                visitor.member(member, part, of(part, depth));
            }
        }
    }

    /// Gets the members one by one. Offsets in their reports count from the member's own start.
    @FunctionalInterface
    public interface MemberVisitor {
        void member(ArFile.Member member, Source source, Report report);
    }

    /// The section headers of an ELF file; other files have none.
    ///
    /// @throws UnreadableException when they are damaged
    public static List<Section> sections(Source source) {
        Input input = new Input(source, new Budget(Budget.DEEP));
        View head = input.view(0, Math.min(4, input.sizeBytes()), ByteOrder.BIG_ENDIAN);
        return Magic.of(head) == Magic.ELF
                ? SectionParser.parse(input, HeaderParser.parse(input))
                : List.of();
    }

    /// The packed sections of an ELF file, none of them unpacked; other files have none.
    ///
    /// @throws UnreadableException when the section headers are damaged
    public static List<CompressedSection> compressedSections(Source source) {
        Input input = new Input(source, new Budget(Budget.DEEP));
        View head = input.view(0, Math.min(4, input.sizeBytes()), ByteOrder.BIG_ENDIAN);
        if (Magic.of(head) != Magic.ELF) {
            return List.of();
        }
        ElfHeader header = HeaderParser.parse(input);
        return CompressedSections.find(
                input, header.layout(), SectionParser.parse(input, header), new ArrayList<>());
    }

    private static Report elf(Input input, Depth depth) {
        ElfFile elf = ElfParser.parse(input);
        Linkage linkage = ElfLinkage.of(elf);
        boolean deep =
                switch (depth) {
                    case VERDICT -> false;
                    case DEEP_IF_STATIC -> startsAlone(linkage);
                    case DEEP -> ElfParser.isImage(elf.header());
                };
        Input deeper = input.withBudget(Budget.DEEP);
        Optional<Contents> contents =
                deep ? Optional.of(Contents.read(deeper, elf)) : Optional.empty();
        Optional<GoBuildInfo> go =
                contents.map(Contents::hasNoGoBuildInfo).orElse(false)
                        ? Optional.empty()
                        : go(deep ? deeper : input, elf, deep, linkage);
        return new Report(
                input.sizeBytes(),
                linkage,
                new Report.Elf(elf, contents),
                LibcFinder.of(elf, contents, go),
                go);
    }

    private static boolean startsAlone(Linkage linkage) {
        return linkage instanceof Linkage.Static
                || linkage instanceof Linkage.InterpOnly
                || linkage instanceof Linkage.NeededNoInterp;
    }

    /// Data segments first, as Go does; position-independent programs keep the block in read-only
    /// data.
    private static Optional<GoBuildInfo> go(
            Input input, ElfFile elf, boolean deep, Linkage linkage) {
        boolean program = startsAlone(linkage) || linkage instanceof Linkage.Dynamic;
        if (!program && !deep) {
            return Optional.empty();
        }
        boolean noted = false;
        for (Note note : elf.notes()) {
            noted |= note instanceof Note.GoBuildId;
        }
        long shallow = noted ? MAX_SHALLOW_SEARCH_BYTES : MAX_SEARCH_WITHOUT_NOTE_BYTES;
        List<GoBuildInfoReader.Range> writable = new ArrayList<>();
        List<GoBuildInfoReader.Range> readOnly = new ArrayList<>();
        for (Extent load : elf.loads()) {
            if (!load.isCutIn(input.sizeBytes())) {
                long length = deep ? load.fileBytes() : Math.min(load.fileBytes(), shallow);
                (load.writable() ? writable : readOnly)
                        .add(new GoBuildInfoReader.Range(load.offset(), length, load.address()));
            }
        }
        if (deep) {
            writable.addAll(readOnly);
        }
        try {
            return new GoBuildInfoReader(
                            input, address -> Addresses.toOffset(elf.segments(), address))
                    .find(writable);
        } catch (UnreadableException e) {
            return Optional.empty();
        }
    }

    private static Report pe(Input input) {
        if (input.sizeBytes() < 64) {
            return Report.bare(input.sizeBytes(), new Linkage.None());
        }
        PeFile pe = PeFile.parse(input);
        List<String> all = new ArrayList<>(pe.imports());
        all.addAll(pe.delayedImports());
        Optional<GoBuildInfo> go = go(input.withBudget(Budget.DEEP), pe);
        return new Report(
                input.sizeBytes(),
                pe.dll()
                        ? new Linkage.PeDll(List.copyOf(all))
                        : new Linkage.PeExe(List.copyOf(all)),
                new Report.Pe(pe),
                LibcFinder.of(pe, go),
                go);
    }

    private static Optional<GoBuildInfo> go(Input input, PeFile pe) {
        List<GoBuildInfoReader.Range> ranges = new ArrayList<>();
        for (PeFile.PeSection section : pe.sections()) {
            if (section.isWritableData()
                    && section.offset() + section.fileBytes() <= input.sizeBytes()) {
                ranges.add(
                        new GoBuildInfoReader.Range(
                                section.offset(), section.fileBytes(), section.virtualAddress()));
            }
        }
        try {
            // Before Go 1.18 the block holds addresses; Windows programs of that age are not looked
            // into.
            return new GoBuildInfoReader(input, _ -> -1).find(ranges);
        } catch (UnreadableException e) {
            return Optional.empty();
        }
    }
}
