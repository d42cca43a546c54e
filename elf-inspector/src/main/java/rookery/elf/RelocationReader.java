package rookery.elf;

import java.util.List;
import java.util.OptionalLong;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.UnreadableException;
import rookery.elf.bytes.View;

/// Counts relocations: those that PT_DYNAMIC names, or, in a program without one, those of loaded
/// sections (where the IFUNCs of a static program are).
final class RelocationReader {
    private static final long WINDOW_BYTES = 96 << 10;
    private static final int NO_TYPE = -1;

    private final Input input;
    private final ElfFile elf;
    private final Layout layout;

    /// The codes of one architecture.
    private record Codes(int relative, int irelative) {}

    RelocationReader(Input input, ElfFile elf) {
        this.input = input;
        this.elf = elf;
        this.layout = elf.header().layout();
    }

    /// @throws UnreadableException when a table is not there
    Relocations count(List<Section> sections) {
        return elf.dynamic().isPresent() ? dynamic(elf.dynamic().get()) : loaded(sections);
    }

    private Relocations dynamic(Dynamic dynamic) {
        boolean addends = dynamic.value(Dynamic.PLTREL).orElse(0) == Dynamic.RELA;
        return table(dynamic, Dynamic.RELA, Dynamic.RELASZ, true)
                .plus(table(dynamic, Dynamic.REL, Dynamic.RELSZ, false))
                .plus(table(dynamic, Dynamic.JMPREL, Dynamic.PLTRELSZ, addends))
                .plus(packed(dynamic));
    }

    private Relocations table(Dynamic dynamic, long tag, long sizeTag, boolean addends) {
        OptionalLong address = dynamic.value(tag);
        long size = dynamic.value(sizeTag).orElse(0);
        return address.isEmpty() || size == 0
                ? Relocations.NONE
                : count(Addresses.toOffset(elf.segments(), address.getAsLong()), size, addends);
    }

    /// One address, then bitmaps of one word for the words that follow it.
    private Relocations packed(Dynamic dynamic) {
        OptionalLong address = dynamic.value(Dynamic.RELR);
        long size = dynamic.value(Dynamic.RELRSZ).orElse(0);
        if (address.isEmpty() || size == 0) {
            return Relocations.NONE;
        }
        long offset = Addresses.toOffset(elf.segments(), address.getAsLong());
        int word = layout.wordBytes();
        input.budget().spendEntries(size < 0 ? -1 : size / word, offset);
        View view = input.view(offset, size, layout.order());
        long relative = 0;
        for (long at = 0; at + word <= size; at += word) {
            long entry = view.word(at, layout.wide());
            relative += (entry & 1) == 0 ? 1 : Long.bitCount(entry) - 1;
        }
        return new Relocations(relative, 0, 0);
    }

    private Relocations loaded(List<Section> sections) {
        Relocations all = Relocations.NONE;
        for (Section section : sections) {
            if (section.isLoaded()
                    && (section.type() == Section.RELA || section.type() == Section.REL)) {
                all =
                        all.plus(
                                count(
                                        section.offset(),
                                        section.sizeBytes(),
                                        section.type() == Section.RELA));
            }
        }
        return all;
    }

    private Relocations count(long offset, long size, boolean addends) {
        int entryBytes = layout.wordBytes() * (addends ? 3 : 2);
        input.budget().spendEntries(size < 0 ? -1 : size / entryBytes, offset);
        Codes codes = codes(elf.header().machine());
        long relative = 0;
        long irelative = 0;
        long symbolic = 0;
        long window = WINDOW_BYTES / entryBytes * entryBytes;
        for (long from = 0; from + entryBytes <= size; from += window) {
            View view = input.view(offset + from, Math.min(window, size - from), layout.order());
            for (long at = 0; at + entryBytes <= view.sizeBytes(); at += entryBytes) {
                int type = type(view, at);
                if (type == codes.relative()) {
                    relative++;
                } else if (type == codes.irelative()) {
                    irelative++;
                } else if (type != 0) {
                    symbolic++;
                }
            }
        }
        return new Relocations(relative, irelative, symbolic);
    }

    private int type(View view, long at) {
        // 32-bit files keep the type in the last byte of r_info, 64-bit files in its lower half.
        return layout.wide()
                ? (int) view.u64(at + layout.wordBytes())
                : view.i32(at + layout.wordBytes()) & 0xff;
    }

    private static Codes codes(int machine) {
        return switch (machine) {
            case 3 -> new Codes(8, 42); // 386
            case 62 -> new Codes(8, 37); // amd64
            case 183 -> new Codes(1027, 1032); // arm64
            case 40 -> new Codes(23, 160); // arm
            case 243 -> new Codes(3, 58); // riscv
            case 20, 21 -> new Codes(22, 248); // ppc, ppc64
            case 22 -> new Codes(12, 61); // s390x
            case 258 -> new Codes(3, 12); // loong64
            default -> new Codes(NO_TYPE, NO_TYPE);
        };
    }
}
