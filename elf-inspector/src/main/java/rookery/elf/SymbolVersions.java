package rookery.elf;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.StringTable;
import rookery.elf.bytes.View;

/// The versions of dynamic symbols: DT_VERSYM's numbers, and the names that stand behind them.
final class SymbolVersions {
    private static final int MAX_DEFINITIONS = 4096;
    private static final int NUMBER = 0x7fff;

    private final View numbers;
    private final Map<Integer, String> names;

    private SymbolVersions(View numbers, Map<Integer, String> names) {
        this.numbers = numbers;
        this.names = names;
    }

    static Optional<SymbolVersions> read(Input input, ElfFile elf, Dynamic dynamic, long count) {
        OptionalLong address = dynamic.value(Dynamic.VERSYM);
        if (address.isEmpty() || count <= 0) {
            return Optional.empty();
        }
        Map<Integer, String> names = new TreeMap<>();
        definitions(input, elf, dynamic, names);
        for (Dynamic.VersionNeed need : dynamic.versionNeeds()) {
            names.put(need.index(), need.version());
        }
        View numbers =
                input.view(
                        Addresses.toOffset(elf.segments(), address.getAsLong()),
                        count * 2,
                        elf.header().layout().order());
        return Optional.of(new SymbolVersions(numbers, names));
    }

    Optional<String> of(long symbol) {
        return Optional.ofNullable(names.get(numbers.u16(symbol * 2) & NUMBER));
    }

    private static void definitions(
            Input input, ElfFile elf, Dynamic dynamic, Map<Integer, String> names) {
        OptionalLong address = dynamic.value(Dynamic.VERDEF);
        OptionalLong strings = dynamic.value(Dynamic.STRTAB);
        if (address.isEmpty() || strings.isEmpty()) {
            return;
        }
        StringTable table =
                StringTable.sparse(
                        input,
                        Addresses.toOffset(elf.segments(), strings.getAsLong()),
                        dynamic.value(Dynamic.STRSZ).orElse(0));
        long at = Addresses.toOffset(elf.segments(), address.getAsLong());
        long count = Math.min(dynamic.value(Dynamic.VERDEFNUM).orElse(0), MAX_DEFINITIONS);
        for (long i = 0; i < count; i++) {
            View definition = input.view(at, 20, elf.header().layout().order());
            View first = input.view(at + definition.u32(12), 8, elf.header().layout().order());
            // Numbers 0 and 1 mean "local" and "global, no version"; number 1 is also the library's
            // own name.
            int number = definition.u16(4) & NUMBER;
            if (number > 1) {
                names.put(number, table.at(first.u32(0)));
            }
            long next = definition.u32(16);
            if (next == 0) {
                return;
            }
            at += next;
        }
    }
}
