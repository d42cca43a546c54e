package rookery.elf;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.PatternSearch;
import rookery.elf.bytes.UnreadableException;

/// The deep pass: what a program's sections, symbols and strings tell. Evidence, since a stripped
/// program runs as well.
///
/// @param missing strong undefined symbols, at most [#MAX_MISSING]
/// @param telling those symbols that findings are made from
/// @param marks where each string was first seen
/// @param packed the file offset of a packer's mark, or -1
public record Contents(
        List<Section> sections,
        List<String> missing,
        SortedSet<String> telling,
        SortedMap<Mark, Long> marks,
        long packed,
        List<Damage> damage) {
    static final int MAX_MISSING = 64;

    private static final String PACKER = "UPX!";
    private static final long PACKER_HEADER_BYTES = 4096;

    /// Functions that need something of the machine even when they are linked statically, and those
    /// that show a libc.
    private static final SortedSet<String> TELLING =
            new TreeSet<>(
                    List.of(
                            "getaddrinfo",
                            "getpwnam",
                            "getpwnam_r",
                            "getpwuid",
                            "getpwuid_r",
                            "getgrnam",
                            "getgrgid",
                            "gethostbyname",
                            "getgrouplist",
                            "iconv_open",
                            "_cgo_topofstack",
                            "x_cgo_init",
                            "__init_libc",
                            "__libc_start_main",
                            "__libc_setup_tls",
                            "_dl_relocate_static_pie"));

    boolean has(Mark mark) {
        return marks.containsKey(mark);
    }

    boolean hasSection(String prefix) {
        return sections.stream().anyMatch(s -> s.name().startsWith(prefix));
    }

    static Contents read(Input input, ElfFile elf) {
        List<Damage> damage = new ArrayList<>();
        List<Section> sections = List.of();
        List<String> missing = new ArrayList<>();
        SortedSet<String> telling = new TreeSet<>();
        try {
            sections = SectionParser.parse(input, elf.header());
            new SymbolReader(input, elf)
                    .table(
                            sections,
                            symbol -> {
                                if (symbol.isMissing() && missing.size() < MAX_MISSING) {
                                    missing.add(symbol.name());
                                }
                                if (!symbol.isUndefined() && TELLING.contains(symbol.name())) {
                                    telling.add(symbol.name());
                                }
                            });
        } catch (UnreadableException e) {
            damage.add(Damage.of("sections and symbols", e));
        }
        SortedMap<Mark, Long> marks = new TreeMap<>(marks(input, elf, damage));
        return new Contents(
                sections,
                List.copyOf(missing),
                telling,
                marks,
                packed(input, elf),
                List.copyOf(damage));
    }

    private static Map<Mark, Long> marks(Input input, ElfFile elf, List<Damage> damage) {
        PatternSearch search = new PatternSearch(Stream.of(Mark.values()).map(Mark::text).toList());
        for (Extent load : elf.loads()) {
            try {
                if (!load.isCutIn(input.sizeBytes())) {
                    search.search(input, load.offset(), load.fileBytes());
                }
            } catch (UnreadableException e) {
                damage.add(Damage.of("strings", e));
            }
        }
        Map<Mark, Long> found = new EnumMap<>(Mark.class);
        for (Mark mark : Mark.values()) {
            search.firstAt(mark.text()).ifPresent(at -> found.put(mark, at));
        }
        return found;
    }

    /// UPX leaves its mark behind the program headers and removes the sections.
    private static long packed(Input input, ElfFile elf) {
        if (elf.header().sectionHeaders().count() != 0) {
            return -1;
        }
        PatternSearch search = new PatternSearch(List.of(PACKER));
        search.search(input, 0, Math.min(PACKER_HEADER_BYTES, input.sizeBytes()));
        return search.firstAt(PACKER).orElse(-1);
    }
}
