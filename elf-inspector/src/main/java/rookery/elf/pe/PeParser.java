package rookery.elf.pe;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.StringTable;
import rookery.elf.bytes.UnreadableException;
import rookery.elf.bytes.View;

/// Reads DOS header, COFF header, optional header, sections and the two import tables.
final class PeParser {
    private static final int MAX_SECTIONS = 96; // Windows' own limit
    private static final int MAX_DLLS = 4096;
    private static final int DLL = 0x2000;
    private static final int PE32 = 0x10b;
    private static final int PE32_PLUS = 0x20b;
    private static final int COFF_BYTES = 24;
    private static final int SECTION_BYTES = 40;
    private static final int IMPORT_BYTES = 20;
    private static final int DELAYED_IMPORT_BYTES = 32;
    private static final int IMPORTS = 1;
    private static final int DELAYED_IMPORTS = 13;

    private final Input input;

    PeParser(Input input) {
        this.input = input;
    }

    PeFile parse() {
        long start = view(0, 64).u32(60);
        View coff = view(start, COFF_BYTES);
        if (!coff.startsWith(0, new byte[] {'P', 'E', 0, 0})) {
            throw new UnreadableException(start, "no PE header where the DOS header points");
        }
        int optionalBytes = coff.u16(20);
        View optional = view(start + COFF_BYTES, optionalBytes);
        int magic = optional.u16(0);
        if (magic != PE32 && magic != PE32_PLUS) {
            throw new UnreadableException(
                    start + COFF_BYTES, "optional header of kind 0x" + Integer.toHexString(magic));
        }
        boolean wide = magic == PE32_PLUS;
        List<PeFile.PeSection> sections = sections(start + COFF_BYTES + optionalBytes, coff.u16(6));
        int directories = wide ? 112 : 96;
        long directoryCount = optional.u32(directories - 4);
        return new PeFile(
                coff.u16(4),
                wide,
                (coff.u16(22) & DLL) != 0,
                optional.u16(68),
                optional.u32(16),
                wide ? optional.u64(24) : optional.u32(28),
                optional.u16(70),
                sections,
                imports(sections, directory(optional, directories, directoryCount, IMPORTS)),
                delayed(
                        sections,
                        directory(optional, directories, directoryCount, DELAYED_IMPORTS)),
                sections.stream().anyMatch(this::isCut));
    }

    private boolean isCut(PeFile.PeSection section) {
        return section.offset() + section.fileBytes() > input.sizeBytes();
    }

    private List<PeFile.PeSection> sections(long at, int count) {
        if (count > MAX_SECTIONS) {
            throw new UnreadableException(
                    at, count + " sections; Windows takes at most " + MAX_SECTIONS);
        }
        View view = view(at, (long) count * SECTION_BYTES);
        List<PeFile.PeSection> sections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long entry = (long) i * SECTION_BYTES;
            sections.add(
                    new PeFile.PeSection(
                            view.textUntilNul(entry, 8),
                            view.u32(entry + 12),
                            view.u32(entry + 8),
                            view.u32(entry + 20),
                            view.u32(entry + 16),
                            view.i32(entry + 36)));
        }
        return List.copyOf(sections);
    }

    /// The address of a data directory in memory, or 0 where there is none.
    private static long directory(View optional, int directories, long count, int index) {
        long at = directories + 8L * index;
        return index >= count || at + 8 > optional.sizeBytes() ? 0 : optional.u32(at);
    }

    private List<String> imports(List<PeFile.PeSection> sections, long address) {
        return names(sections, address, IMPORT_BYTES, 12);
    }

    private List<String> delayed(List<PeFile.PeSection> sections, long address) {
        return names(sections, address, DELAYED_IMPORT_BYTES, 4);
    }

    private List<String> names(
            List<PeFile.PeSection> sections, long address, int entryBytes, int nameAt) {
        if (address == 0) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        long at = toOffset(sections, address);
        for (int i = 0; i < MAX_DLLS; i++) {
            input.budget().spendEntries(1, at);
            long name = view(at, entryBytes).u32(nameAt);
            if (name == 0) {
                return List.copyOf(names);
            }
            names.add(name(toOffset(sections, name)));
            at += entryBytes;
        }
        throw new UnreadableException(at, "more than " + MAX_DLLS + " imported DLLs");
    }

    private String name(long offset) {
        long most = Math.min(StringTable.MAX_NAME_BYTES, input.sizeBytes() - offset);
        return StringTable.sparse(input, offset, most).at(0);
    }

    private static long toOffset(List<PeFile.PeSection> sections, long address) {
        for (PeFile.PeSection section : sections) {
            long into = address - section.virtualAddress();
            if (into >= 0 && into < section.fileBytes()) {
                return section.offset() + into;
            }
        }
        throw new UnreadableException(
                0, "no section holds the address 0x" + Long.toHexString(address));
    }

    private View view(long offset, long length) {
        return input.view(offset, length, ByteOrder.LITTLE_ENDIAN);
    }
}
