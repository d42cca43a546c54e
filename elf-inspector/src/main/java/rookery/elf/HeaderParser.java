package rookery.elf;

import java.nio.ByteOrder;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.UnreadableException;
import rookery.elf.bytes.View;

/// Reads the file header, and finds out how the file is really laid out.
final class HeaderParser {
    private static final int SMALLEST_HEADER = 52;
    private static final int MACHINE_AT = 18;

    /// `e_phnum` for "the real count does not fit here; see the first section header".
    private static final int MANY_PROGRAM_HEADERS = 0xffff;

    /// `e_shstrndx` for the same.
    private static final int FAR_SECTION_NAMES = 0xffff;

    private HeaderParser() {}

    static ElfHeader parse(Input input) {
        if (input.sizeBytes() < SMALLEST_HEADER) {
            throw new UnreadableException(input.sizeBytes(), "the file ends inside the ELF header");
        }
        ByteOrder order = order(input);
        boolean wide = wide(input, order);
        Layout layout = new Layout(wide, order);
        if (input.sizeBytes() < layout.headerBytes()) {
            throw new UnreadableException(input.sizeBytes(), "the file ends inside the ELF header");
        }
        View view = input.view(0, layout.headerBytes(), order);
        int word = layout.wordBytes();
        long afterWords = 24 + 3L * word;
        long phoff = view.word(24 + word, wide);
        long shoff = view.word(24 + 2L * word, wide);
        int phentsize = view.u16(afterWords + 6);
        int phnum = view.u16(afterWords + 8);
        int shentsize = view.u16(afterWords + 10);
        int shnum = view.u16(afterWords + 12);
        int shstrndx = view.u16(afterWords + 14);
        long programHeaders = phnum;
        long sections = shnum;
        long sectionNames = shstrndx;
        boolean elsewhere =
                phnum == MANY_PROGRAM_HEADERS || shstrndx == FAR_SECTION_NAMES || shnum == 0;
        if (elsewhere && shoff != 0 && fits(input, shoff, layout.sectionHeaderBytes())) {
            // The first section header is unused otherwise: it holds the numbers that do not fit
            // into 16 bits.
            View first = input.view(shoff, layout.sectionHeaderBytes(), order);
            if (phnum == MANY_PROGRAM_HEADERS) {
                programHeaders = first.u32(wide ? 44 : 28);
            }
            if (shnum == 0) {
                sections = first.word(wide ? 32 : 20, wide);
            }
            if (shstrndx == FAR_SECTION_NAMES) {
                sectionNames = first.u32(wide ? 40 : 24);
            }
        }
        return new ElfHeader(
                new ElfHeader.Ident(view.u8(4), view.u8(5), view.u8(6), view.u8(7), view.u8(8)),
                layout,
                ElfType.of(view.u16(16)),
                view.u16(MACHINE_AT),
                view.word(24, wide),
                view.i32(afterWords),
                new ElfHeader.Table(phoff, phentsize, programHeaders),
                new ElfHeader.Table(shoff, shentsize, sections),
                sectionNames);
    }

    private static boolean fits(Input input, long offset, long length) {
        return offset >= 0 && offset <= input.sizeBytes() - length;
    }

    /// A kernel reads `e_machine` in its own order and looks at nothing else, so the order in which
    /// that number makes sense is the order of the file. EI_DATA decides only where neither or both
    /// do.
    private static ByteOrder order(Input input) {
        View little = input.view(0, SMALLEST_HEADER, ByteOrder.LITTLE_ENDIAN);
        View big = input.view(0, SMALLEST_HEADER, ByteOrder.BIG_ENDIAN);
        boolean asLittle = plausible(little.u16(MACHINE_AT), little.u16(16));
        boolean asBig = plausible(big.u16(MACHINE_AT), big.u16(16));
        ByteOrder declared = little.u8(5) == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        if (asLittle == asBig) {
            return declared;
        }
        return asLittle ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    }

    private static boolean plausible(int machine, int type) {
        return machine > 0
                && machine < 0x400
                && (ElfType.of(type) instanceof ElfType.Known || type >= 0xfe00);
    }

    /// EI_CLASS counts if the header fits it; otherwise the other width, if the header fits that.
    private static boolean wide(Input input, ByteOrder order) {
        View view = input.view(0, Math.min(64, input.sizeBytes()), order);
        boolean declared = view.u8(4) != 1;
        return (fits(view, declared) || !fits(view, !declared)) ? declared : !declared;
    }

    private static boolean fits(View view, boolean wide) {
        Layout layout = new Layout(wide, ByteOrder.LITTLE_ENDIAN);
        if (view.sizeBytes() < layout.headerBytes()) {
            return false;
        }
        long afterWords = 24 + 3L * layout.wordBytes();
        int phentsize = view.u16(afterWords + 6);
        boolean ownSize = view.u16(afterWords + 4) == layout.headerBytes();
        return phentsize == layout.programHeaderBytes() || (phentsize == 0 && ownSize);
    }
}
