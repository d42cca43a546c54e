package rookery.elf;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.StringTable;
import rookery.elf.bytes.UnreadableException;
import rookery.elf.bytes.View;

/// Walks symbol tables one symbol at a time: a large library has 300,000.
final class SymbolReader {
    private static final int WINDOW_SYMBOLS = 4096;
    private static final int MAX_HASH_BUCKETS = 1 << 20;

    private final Input input;
    private final ElfFile elf;

    SymbolReader(Input input, ElfFile elf) {
        this.input = input;
        this.elf = elf;
    }

    /// Every symbol of `.symtab`, which only section headers know of.
    ///
    /// @throws UnreadableException when the table is damaged
    void table(List<Section> sections, Consumer<Symbol> visitor) {
        for (Section section : sections) {
            if (section.type() == Section.SYMTAB) {
                if (section.link() < 0 || section.link() >= sections.size()) {
                    throw new UnreadableException(
                            section.offset(),
                            "the symbols' names are in section "
                                    + section.link()
                                    + ", which does not exist");
                }
                Section names = sections.get(section.link());
                walk(
                        section.offset(),
                        Long.divideUnsigned(
                                section.sizeBytes(), elf.header().layout().symbolBytes()),
                        StringTable.whole(input, names.offset(), names.sizeBytes()),
                        Optional.empty(),
                        visitor);
            }
        }
    }

    /// Every symbol of `.dynsym` with its version, found through PT_DYNAMIC.
    ///
    /// @throws UnreadableException when the table is damaged
    void dynamic(List<Section> sections, Consumer<Symbol> visitor) {
        if (elf.dynamic().isEmpty()) {
            return;
        }
        Dynamic dynamic = elf.dynamic().get();
        OptionalLong symbols = dynamic.value(Dynamic.SYMTAB);
        OptionalLong names = dynamic.value(Dynamic.STRTAB);
        if (symbols.isEmpty() || names.isEmpty()) {
            return;
        }
        long offset = Addresses.toOffset(elf.segments(), symbols.getAsLong());
        long count = dynamicCount(dynamic, symbols.getAsLong(), sections);
        walk(
                offset,
                count,
                StringTable.whole(
                        input,
                        Addresses.toOffset(elf.segments(), names.getAsLong()),
                        dynamic.value(Dynamic.STRSZ).orElse(0)),
                SymbolVersions.read(input, elf, dynamic, count),
                visitor);
    }

    /// PT_DYNAMIC does not say how many symbols there are. The section header does; without one,
    /// the hash tables show it.
    private long dynamicCount(Dynamic dynamic, long address, List<Section> sections) {
        for (Section section : sections) {
            if (section.type() == Section.DYNSYM && section.address() == address) {
                return Long.divideUnsigned(
                        section.sizeBytes(), elf.header().layout().symbolBytes());
            }
        }
        ByteOrder order = elf.header().layout().order();
        OptionalLong hash = dynamic.value(Dynamic.HASH);
        if (hash.isPresent()) {
            long at = Addresses.toOffset(elf.segments(), hash.getAsLong());
            return input.view(at, 8, order).u32(4);
        }
        OptionalLong gnuHash = dynamic.value(Dynamic.GNU_HASH);
        return gnuHash.isPresent()
                ? countByGnuHash(Addresses.toOffset(elf.segments(), gnuHash.getAsLong()), order)
                : 0;
    }

    private long countByGnuHash(long at, ByteOrder order) {
        View head = input.view(at, 16, order);
        long buckets = head.u32(0);
        long firstHashed = head.u32(4);
        if (buckets > MAX_HASH_BUCKETS) {
            throw new UnreadableException(at, buckets + " hash buckets are over the limit");
        }
        long bucketsAt = at + 16 + head.u32(8) * elf.header().layout().wordBytes();
        View table = input.view(bucketsAt, buckets * 4, order);
        long last = 0;
        for (long i = 0; i < buckets; i++) {
            last = Math.max(last, table.u32(i * 4));
        }
        if (last < firstHashed) {
            return firstHashed;
        }
        // Each bucket's chain ends with an odd hash; the chain of the last bucket ends with the
        // last symbol.
        long chain = bucketsAt + buckets * 4;
        while (true) {
            input.budget().spendEntries(1, chain);
            View link = input.view(chain + (last - firstHashed) * 4, 4, order);
            last++;
            if ((link.i32(0) & 1) != 0) {
                return last;
            }
        }
    }

    private void walk(
            long offset,
            long count,
            StringTable names,
            Optional<SymbolVersions> versions,
            Consumer<Symbol> visitor) {
        Layout layout = elf.header().layout();
        input.budget().spendEntries(count, offset);
        for (long first = 0; first < count; first += WINDOW_SYMBOLS) {
            long here = Math.min(WINDOW_SYMBOLS, count - first);
            View view =
                    input.view(
                            offset + first * layout.symbolBytes(),
                            here * layout.symbolBytes(),
                            layout.order());
            for (long i = 0; i < here; i++) {
                visitor.accept(
                        symbol(
                                view,
                                i * layout.symbolBytes(),
                                layout.wide(),
                                names,
                                version(versions, first + i)));
            }
        }
    }

    private static Optional<String> version(Optional<SymbolVersions> versions, long index) {
        return versions.isEmpty() ? Optional.empty() : versions.get().of(index);
    }

    private static Symbol symbol(
            View view, long at, boolean wide, StringTable names, Optional<String> version) {
        long nameAt = view.u32(at);
        String name = nameAt == 0 ? "" : names.at(nameAt);
        int info = view.u8(at + (wide ? 4 : 12));
        return new Symbol(
                name,
                info >> 4,
                info & 15,
                view.u16(at + (wide ? 6 : 14)),
                wide ? view.u64(at + 8) : view.u32(at + 4),
                wide ? view.u64(at + 16) : view.u32(at + 8),
                // Linkers also define a symbol for each version itself; it belongs to no other.
                version.filter(v -> !v.equals(name)));
    }
}
