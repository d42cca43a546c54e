package rookery.elf.files;

import java.io.IOException;
import java.nio.file.Path;
import rookery.elf.Inspection;

/// All symbols of one large library, in this JVM.
final class BenchSymbols {
    private static final int WARM_UPS = 5;

    private final Path library;
    private final BenchTimes time = new BenchTimes();
    private int count;

    BenchSymbols(Path library) {
        this.library = library;
    }

    BenchTimes time() {
        return time;
    }

    int count() {
        return count;
    }

    void measure(int rounds) throws IOException {
        for (int i = 0; i < WARM_UPS; i++) {
            walk();
        }
        for (int i = 0; i < rounds; i++) {
            time.time(this::walk);
        }
    }

    private void walk() throws IOException {
        int[] seen = {0};
        for (Inspection.SymbolTable table : Inspection.SymbolTable.values()) {
            Inspector.symbols(
                    library,
                    table,
                    symbol -> {
                        if (!symbol.name().isEmpty()) {
                            seen[0]++;
                        }
                    });
        }
        count = seen[0];
    }
}
