package rookery.elf;

import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalLong;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.View;

/// Whether an arm64 program that claims BTI in its property note keeps the promise where it is
/// called through pointers before `main`: its initialisers, and the functions that choose an IFUNC.
/// `-z force-bti` writes the claim over objects that know nothing of it; a CPU with BTI then ends
/// the program at the first such call.
final class LandingPads {
    private static final int INIT_ARRAY = 14;
    private static final int RELATIVE = 1027;
    private static final int IRELATIVE = 1032;
    private static final long RELA_BYTES = 24;
    private static final long MAX_POINTERS = 4096;
    private static final long WINDOW_BYTES = RELA_BYTES * 4096;

    /// `bti c`, `bti jc`, `paciasp`, `pacibsp`: all that a call through a pointer may land on.
    private static final List<Integer> PADS =
            List.of(0xd503245f, 0xd50324df, 0xd503233f, 0xd503237f);

    private final Input input;
    private final ElfFile elf;
    private final List<Section> sections;

    private LandingPads(Input input, ElfFile elf, List<Section> sections) {
        this.input = input;
        this.elf = elf;
        this.sections = sections;
    }

    /// The address of the first function that is called without a landing pad; empty where all have
    /// one, none is called, or no BTI is claimed.
    ///
    /// @throws rookery.elf.bytes.UnreadableException when a table points nowhere
    static OptionalLong missing(Input input, ElfFile elf, List<Section> sections) {
        boolean claimed =
                elf.header().machine() == Arch.ARM64.elfMachine()
                        && elf.notes().stream()
                                .anyMatch(n -> n instanceof Note.Properties p && p.bti());
        return claimed ? new LandingPads(input, elf, sections).search() : OptionalLong.empty();
    }

    private OptionalLong search() {
        for (Section section : sections) {
            OptionalLong found = OptionalLong.empty();
            if (section.type() == INIT_ARRAY) {
                found = initialisers(section);
            } else if (section.type() == Section.RELA && section.isLoaded()) {
                found = relocations(section);
            }
            if (found.isPresent()) {
                return found;
            }
        }
        return OptionalLong.empty();
    }

    private OptionalLong initialisers(Section section) {
        long bytes = Math.min(section.sizeBytes(), MAX_POINTERS * 8);
        View view = input.view(section.offset(), bytes, ByteOrder.LITTLE_ENDIAN);
        for (long at = 0; at + 8 <= bytes; at += 8) {
            long function = view.u64(at);
            // In a position-independent program the addresses are in the relocations.
            if (function != 0 && function != -1 && !lands(function)) {
                return OptionalLong.of(function);
            }
        }
        return OptionalLong.empty();
    }

    private OptionalLong relocations(Section table) {
        input.budget()
                .spendEntries(
                        table.sizeBytes() < 0 ? -1 : table.sizeBytes() / RELA_BYTES,
                        table.offset());
        for (long from = 0; from + RELA_BYTES <= table.sizeBytes(); from += WINDOW_BYTES) {
            long length = Math.min(WINDOW_BYTES, table.sizeBytes() - from);
            View view = input.view(table.offset() + from, length, ByteOrder.LITTLE_ENDIAN);
            for (long at = 0; at + RELA_BYTES <= length; at += RELA_BYTES) {
                int type = (int) view.u64(at + 8);
                long function = view.u64(at + 16);
                boolean called =
                        type == IRELATIVE || (type == RELATIVE && isInitialiser(view.u64(at)));
                if (called && !lands(function)) {
                    return OptionalLong.of(function);
                }
            }
        }
        return OptionalLong.empty();
    }

    private boolean isInitialiser(long slot) {
        for (Section section : sections) {
            if (section.type() == INIT_ARRAY
                    && slot >= section.address()
                    && slot - section.address() < section.sizeBytes()) {
                return true;
            }
        }
        return false;
    }

    private boolean lands(long function) {
        long offset = Addresses.toOffset(elf.segments(), function);
        return PADS.contains(input.view(offset, 4, ByteOrder.LITTLE_ENDIAN).i32(0));
    }
}
