package rookery.elf.libelf;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import rookery.elf.Symbol;

/// Sums symbols up, so that tables of 300,000 can be compared block by block.
final class SymbolDigest {
    private static final int BLOCK = 256;

    private final String table;
    private final List<String> lines;
    private final CRC32 sum = new CRC32();
    private int count;

    SymbolDigest(String table, List<String> lines) {
        this.table = table;
        this.lines = lines;
    }

    void add(Symbol s) {
        add(s.name(), s.binding(), s.kind(), s.section(), s.value(), s.sizeBytes());
    }

    void add(String name, int binding, int kind, int section, long value, long size) {
        String line = name + '\0' + binding + ' ' + kind + ' ' + section + ' ' + value + ' ' + size;
        sum.update(line.getBytes(StandardCharsets.UTF_8));
        if (++count % BLOCK == 0) {
            write();
        }
    }

    void end() {
        if (count % BLOCK != 0) {
            write();
        }
    }

    private void write() {
        lines.add("symbols %s to %d: %08x".formatted(table, count, sum.getValue()));
    }
}
