package rookery.elf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.PatternSearch;
import rookery.elf.bytes.UnreadableException;

/// The deep pass: what a program's sections, symbols and strings tell. Evidence, since a stripped
/// program runs as well.
///
/// @param marks where each string was first seen
/// @param called functions of [#symbols] that something calls directly, with the caller's address
/// @param unguarded the address of a function without the landing pad that the program claims all
///   have, see [LandingPads]
/// @param packed the file offset of a packer's mark, or -1
public record Contents(
        List<Section> sections,
        Symbols symbols,
        SortedMap<String, Long> called,
        SortedMap<Mark, Long> marks,
        List<Library> libraries,
        List<Leak> leaks,
        Relocations relocations,
        OptionalLong unguarded,
        Origins origins,
        long packed,
        List<Damage> damage) {
    private static final String PACKER = "UPX!";
    private static final long PACKER_HEADER_BYTES = 4096;
    private static final String STRINGS = "strings";

    /// Functions that glibc itself links in everywhere.
    private static final List<String> EVERYWHERE = List.of("dlopen", "setlocale");

    boolean has(Mark mark) {
        return marks.containsKey(mark);
    }

    boolean hasSection(String prefix) {
        return sections.stream().anyMatch(s -> s.name().startsWith(prefix));
    }

    boolean contains(String function) {
        return symbols.telling().containsKey(function);
    }

    /// True when every byte was looked at and nothing says that Go's build information is in.
    boolean hasNoGoBuildInfo() {
        return !has(Mark.GO_BUILD_INFO) && damage.stream().noneMatch(d -> d.part().equals(STRINGS));
    }

    static Contents read(Input input, ElfFile elf) {
        List<Damage> damage = new ArrayList<>();
        List<Section> sections = List.of();
        Symbols.Collector symbols = new Symbols.Collector();
        SortedMap<String, Long> called = new TreeMap<>();
        Relocations relocations = Relocations.NONE;
        try {
            sections = SectionParser.parse(input, elf.header());
            new SymbolReader(input, elf).table(sections, symbols::see);
        } catch (UnreadableException e) {
            damage.add(Damage.of("sections and symbols", e));
        }
        try {
            new SymbolReader(input, elf).dynamic(sections, symbols::seeDynamic);
        } catch (UnreadableException e) {
            damage.add(Damage.of("dynamic symbols", e));
        }
        try {
            relocations = new RelocationReader(input, elf).count(sections);
        } catch (UnreadableException e) {
            damage.add(Damage.of("relocations", e));
        }
        Symbols seen = symbols.result();
        OptionalLong unguarded = OptionalLong.empty();
        try {
            unguarded = LandingPads.missing(input, elf, sections);
        } catch (UnreadableException e) {
            damage.add(Damage.of("initialisers", e));
        }
        Found found = search(input, elf, seen, called, damage);
        List<Leak> leaks = new ArrayList<>(found.leaks());
        Origins origins = Origins.read(input, elf, sections, leaks, damage);
        return new Contents(
                sections,
                seen,
                called,
                found.marks(),
                found.libraries(),
                List.copyOf(leaks),
                relocations,
                unguarded,
                origins,
                packed(input, elf),
                List.copyOf(damage));
    }

    private record Found(SortedMap<Mark, Long> marks, List<Library> libraries, List<Leak> leaks) {}

    private static Found search(
            Input input,
            ElfFile elf,
            Symbols symbols,
            SortedMap<String, Long> called,
            List<Damage> damage) {
        SortedSet<String> patterns = new TreeSet<>(LibrarySigns.anchors());
        patterns.addAll(LeakFinder.roots());
        for (Mark mark : Mark.values()) {
            patterns.add(mark.text());
        }
        PatternSearch search = new PatternSearch(List.copyOf(patterns));
        Map<Mark, Long> marks = new EnumMap<>(Mark.class);
        List<Library> libraries = List.of();
        List<Leak> leaks = List.of();
        try {
            search.search(input, 0, input.sizeBytes());
            for (Mark mark : Mark.values()) {
                search.firstAt(mark.text()).ifPresent(at -> marks.put(mark, at));
            }
            libraries = LibrarySigns.read(input, search);
            leaks = LeakFinder.read(input, search);
            if (marks.containsKey(Mark.GLIBC)) {
                for (String function : EVERYWHERE) {
                    Long address = symbols.telling().get(function);
                    long call = address == null ? -1 : CallFinder.callOf(input, elf, address);
                    if (call >= 0) {
                        called.put(function, call);
                    }
                }
            }
        } catch (UnreadableException e) {
            damage.add(Damage.of(STRINGS, e));
        }
        return new Found(new TreeMap<>(marks), libraries, leaks);
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

    /// What the objects' origins are: compilers, debug companion, build attributes, compression.
    ///
    /// @param comments the lines of `.comment`, each once
    /// @param debugLink the file that has the debug information
    /// @param compressed sections whose bytes are packed
    public record Origins(
            List<String> comments,
            Optional<String> debugLink,
            Optional<Attributes> attributes,
            List<CompressedSection> compressed) {

        private static final long MAX_COMMENT_BYTES = 64 << 10;
        private static final int MAX_COMMENTS = 32;
        private static final int ATTRIBUTES = 0x70000003;

        /// @param leaks gets the paths that are in packed sections
        private static Origins read(
                Input input,
                ElfFile elf,
                List<Section> sections,
                List<Leak> leaks,
                List<Damage> damage) {
            List<String> comments = new ArrayList<>();
            Optional<String> debugLink = Optional.empty();
            Optional<Attributes> attributes = Optional.empty();
            for (Section section : sections) {
                try {
                    if (section.isCompressed()) {
                        continue;
                    }
                    if (section.name().equals(".comment") && section.hasBytes()) {
                        comments(input, section, comments);
                    } else if (section.name().equals(".gnu_debuglink") && section.hasBytes()) {
                        debugLink =
                                Optional.of(text(input, section).split("\0", 2)[0])
                                        .filter(name -> !name.isEmpty());
                    } else if (section.type() == ATTRIBUTES
                            && section.name().endsWith(".attributes")) {
                        attributes =
                                AttributeParser.parse(
                                        input,
                                        elf.header().layout().order(),
                                        section.offset(),
                                        section.sizeBytes());
                    }
                } catch (UnreadableException e) {
                    damage.add(Damage.of("section " + section.name(), e));
                }
            }
            Layout layout = elf.header().layout();
            List<CompressedSection> compressed =
                    CompressedSections.find(input, layout, sections, damage);
            return new Origins(
                    List.copyOf(comments),
                    debugLink,
                    attributes,
                    Unpacker.unpack(input, layout, compressed, leaks));
        }

        private static void comments(Input input, Section section, List<String> comments) {
            for (String line : text(input, section).split("\0", -1)) {
                if (!line.isBlank() && comments.size() < MAX_COMMENTS && !comments.contains(line)) {
                    comments.add(line);
                }
            }
        }

        private static String text(Input input, Section section) {
            long length =
                    section.sizeBytes() < 0
                            ? section.sizeBytes()
                            : Math.min(section.sizeBytes(), MAX_COMMENT_BYTES);
            byte[] bytes =
                    input.view(section.offset(), length, java.nio.ByteOrder.LITTLE_ENDIAN)
                            .bytes(0, length);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }
}
