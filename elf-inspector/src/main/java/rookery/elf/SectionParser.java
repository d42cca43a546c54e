package rookery.elf;

import java.util.ArrayList;
import java.util.List;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.StringTable;
import rookery.elf.bytes.UnreadableException;
import rookery.elf.bytes.View;

/// Reads the section headers.
final class SectionParser {
    /// Objects of `-ffunction-sections` builds have tens of thousands.
    private static final int MAX_SECTIONS = 1_000_000;

    private SectionParser() {}

    static List<Section> parse(Input input, ElfHeader header) {
        ElfHeader.Table table = header.sectionHeaders();
        if (table.offset() == 0 || table.count() == 0) {
            return List.of();
        }
        Layout layout = header.layout();
        if (table.entryBytes() != layout.sectionHeaderBytes()
                || table.count() < 0
                || table.count() > MAX_SECTIONS) {
            throw new UnreadableException(
                    table.offset(),
                    "%s section headers of %d bytes each"
                            .formatted(Long.toUnsignedString(table.count()), table.entryBytes()));
        }
        input.budget().spendEntries(table.count(), table.offset());
        View view = input.view(table.offset(), table.count() * table.entryBytes(), layout.order());
        StringTable names = names(input, header, view);
        List<Section> sections = new ArrayList<>();
        for (long i = 0; i < table.count(); i++) {
            sections.add(section(view, i * table.entryBytes(), layout.wide(), names));
        }
        return List.copyOf(sections);
    }

    private static StringTable names(Input input, ElfHeader header, View view) {
        long index = header.sectionNames();
        if (index >= header.sectionHeaders().count()) {
            throw new UnreadableException(
                    header.sectionHeaders().offset(),
                    "section " + index + ", which should hold the names, does not exist");
        }
        boolean wide = header.layout().wide();
        long at = index * header.sectionHeaders().entryBytes();
        return StringTable.whole(
                input,
                view.word(at + (wide ? 24 : 16), wide),
                view.word(at + (wide ? 32 : 20), wide));
    }

    private static Section section(View view, long at, boolean wide, StringTable names) {
        String name = view.u32(at) == 0 ? "" : names.at(view.u32(at));
        return wide
                ? new Section(
                        name,
                        view.i32(at + 4),
                        view.u64(at + 8),
                        view.u64(at + 16),
                        view.u64(at + 24),
                        view.u64(at + 32),
                        view.i32(at + 40),
                        view.i32(at + 44),
                        view.u64(at + 48),
                        view.u64(at + 56))
                : new Section(
                        name,
                        view.i32(at + 4),
                        view.u32(at + 8),
                        view.u32(at + 12),
                        view.u32(at + 16),
                        view.u32(at + 20),
                        view.i32(at + 24),
                        view.i32(at + 28),
                        view.u32(at + 32),
                        view.u32(at + 36));
    }
}
