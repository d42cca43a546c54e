package rookery.elf;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.UnreadableException;
import rookery.elf.bytes.View;

/// Finds the packed sections by their headers.
final class CompressedSections {
    /// Of a program with debug information a dozen are packed.
    static final int MAX_SECTIONS = 1000;

    static final String ZLIB = "zlib";
    private static final int CODE_ZLIB = 1;
    private static final int CODE_ZSTD = 2;
    private static final String OLD_METHOD = "zlib-gnu";
    private static final String OLD_MAGIC = "ZLIB";
    private static final int OLD_HEADER_BYTES = 12;

    private CompressedSections() {}

    /// All of them, none unpacked.
    static List<CompressedSection> find(
            Input input, Layout layout, List<Section> sections, List<Damage> damage) {
        List<CompressedSection> found = new ArrayList<>();
        for (Section section : sections) {
            try {
                Optional<CompressedSection> one = of(input, layout, section);
                if (one.isPresent() && found.size() == MAX_SECTIONS) {
                    throw new UnreadableException(
                            section.offset(), "more than " + MAX_SECTIONS + " packed sections");
                }
                one.ifPresent(found::add);
            } catch (UnreadableException e) {
                damage.add(Damage.of("section " + section.name(), e));
                if (found.size() == MAX_SECTIONS || damage.size() > MAX_SECTIONS) {
                    break;
                }
            }
        }
        return List.copyOf(found);
    }

    /// Where the packed bytes begin.
    static int headerBytes(Layout layout) {
        return layout.wide() ? 24 : 12;
    }

    private static Optional<CompressedSection> of(Input input, Layout layout, Section section) {
        if (section.isCompressed()) {
            View header = input.view(section.offset(), headerBytes(layout), layout.order());
            String method =
                    switch (header.i32(0)) {
                        case CODE_ZLIB -> ZLIB;
                        case CODE_ZSTD -> "zstd";
                        default -> Integer.toUnsignedString(header.i32(0));
                    };
            return Optional.of(
                    new CompressedSection(
                            section.name(),
                            method,
                            section.offset(),
                            section.sizeBytes(),
                            header.word(layout.wide() ? 8 : 4, layout.wide()),
                            new CompressedSection.State.Unread(
                                    "only zlib is unpacked, and only by a deep look")));
        }
        if (section.hasBytes() && section.name().startsWith(CompressedSection.OLD_NAME)) {
            // The size is big-endian in every file.
            View header = input.view(section.offset(), OLD_HEADER_BYTES, ByteOrder.BIG_ENDIAN);
            if (header.text(0, OLD_MAGIC.length()).equals(OLD_MAGIC)) {
                return Optional.of(
                        new CompressedSection(
                                section.name(),
                                OLD_METHOD,
                                section.offset(),
                                section.sizeBytes(),
                                header.u64(OLD_MAGIC.length()),
                                new CompressedSection.State.Unread(
                                        "the form that is no longer written is not unpacked")));
            }
        }
        return Optional.empty();
    }
}
