package rookery.elf.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.elf.Inspection;
import rookery.elf.Inspection.SymbolTable;
import rookery.elf.Symbol;
import rookery.elf.Tools;
import rookery.elf.bytes.Source;

/// Symbols and their versions, compared with what readelf prints of the same files.
class SymbolsTest {
    private static final Pattern LINE =
            Pattern.compile(
                    "\\s+\\d+: (\\w+)\\s+(\\w+) \\w+\\s+(\\w+)\\s+\\w+(?:\\s+\\[.*?])?\\s+(\\w+) ?(\\S*)(?: \\(\\d+\\))?");

    @TempDir static Path dir;
    private static Tools tools;

    @BeforeAll
    static void sources() {
        tools = new Tools(dir);
        tools.write(
                "versions.c",
                """
                #include <stdio.h>
                #include <math.h>
                int old(void) { return 1; }
                int fresh(void) { return puts(""); }
                double root(double x) { return sqrt(x) + pow(x, x); }
                """);
        tools.write(
                "versions.map",
                "ONE_1.0 { global: old; };\nONE_2.0 { global: fresh; root; local: *; } ONE_1.0;\n");
        tools.compile(
                "libone.so",
                "gcc",
                "-shared",
                "-fPIC",
                "-fno-builtin",
                "-Wl,--version-script=versions.map",
                "versions.c",
                "-lm");
        tools.write("hello.c", "#include <stdio.h>\nint main(void) { puts(\"hi\"); return 0; }\n");
        tools.compile("hello", "gcc", "hello.c");
        tools.compile("arm64", "aarch64-linux-gnu-gcc", "hello.c");
        tools.compile("static", "musl-gcc", "-static", "hello.c");
        tools.compile("object", "gcc", "-c", "hello.c");
    }

    private static List<String> ours(Path file, SymbolTable table) throws IOException {
        List<String> symbols = new ArrayList<>();
        Inspector.symbols(file, table, symbol -> symbols.add(line(symbol)));
        return symbols;
    }

    private static String line(Symbol symbol) {
        String bind =
                switch (symbol.binding()) {
                    case 0 -> "LOCAL";
                    case 1 -> "GLOBAL";
                    case 2 -> "WEAK";
                    default -> "other";
                };
        String section =
                switch (symbol.section()) {
                    case 0 -> "UND";
                    case 0xfff1 -> "ABS";
                    case 0xfff2 -> "COM";
                    default -> Integer.toString(symbol.section());
                };
        return "%x %d %s %s %s%s"
                .formatted(
                        symbol.value(),
                        symbol.sizeBytes(),
                        bind,
                        section,
                        symbol.name(),
                        symbol.version().map(v -> "@" + v).orElse(""));
    }

    private static List<String> readelfs(Path file, SymbolTable table) {
        String flag = table == SymbolTable.STATIC ? "-s" : "--dyn-syms";
        String output = tools.run(Map.of(), List.of("readelf", "-W", flag, file.toString()));
        String heading = table == SymbolTable.STATIC ? "'.symtab'" : "'.dynsym'";
        int start = output.indexOf(heading);
        assertThat(start).as(output).isNotNegative();
        List<String> symbols = new ArrayList<>();
        for (String text : output.substring(start).lines().toList()) {
            Matcher line = LINE.matcher(text);
            if (line.matches()) {
                String size = line.group(2);
                // A section symbol has no name of its own: readelf prints the section's.
                String name = text.contains(" SECTION ") ? "" : line.group(5).replace("@@", "@");
                symbols.add(
                        "%x %d %s %s %s"
                                .formatted(
                                        Long.parseUnsignedLong(line.group(1), 16),
                                        size.startsWith("0x")
                                                ? Long.decode(size)
                                                : Long.parseLong(size),
                                        line.group(3),
                                        line.group(4),
                                        name));
            }
        }
        assertThat(symbols).isNotEmpty();
        return symbols;
    }

    @Test
    void theSymbolsOfEverySampleAreReadelfs() throws IOException {
        for (String name : List.of("libone.so", "hello", "arm64", "static", "object")) {
            Path file = dir.resolve(name);
            // .symtab repeats a version inside the name, which is text to us.
            assertThat(ours(file, SymbolTable.STATIC))
                    .as(name)
                    .isEqualTo(
                            readelfs(file, SymbolTable.STATIC).stream()
                                    .map(s -> s.replaceAll("@(GLIBC_[\\d.]+|ONE_[\\d.]+)$", "@$1"))
                                    .toList());
        }
    }

    @Test
    void versionsWantedAndDefinedAreReadelfs() throws IOException {
        for (String name : List.of("libone.so", "hello", "arm64")) {
            Path file = dir.resolve(name);
            assertThat(ours(file, SymbolTable.DYNAMIC))
                    .as(name)
                    .isEqualTo(readelfs(file, SymbolTable.DYNAMIC));
        }
        assertThat(ours(dir.resolve("libone.so"), SymbolTable.DYNAMIC))
                .anySatisfy(s -> assertThat(s).endsWith(" fresh@ONE_2.0"))
                .anySatisfy(s -> assertThat(s).contains("UND pow@GLIBC_"));
    }

    @Test
    void dynamicSymbolsAreCountedByTheHashTableWhereThereAreNoSectionHeaders() throws IOException {
        byte[] bytes = Files.readAllBytes(dir.resolve("libone.so"));
        for (int i = 0x28; i < 0x30; i++) {
            bytes[i] = 0;
        }
        List<String> symbols = new ArrayList<>();
        Inspection.symbols(
                Source.of(MemorySegment.ofArray(bytes)),
                SymbolTable.DYNAMIC,
                symbol -> symbols.add(line(symbol)));
        assertThat(symbols).isEqualTo(ours(dir.resolve("libone.so"), SymbolTable.DYNAMIC));
    }

    @Test
    void aFileThatIsNoElfHasNoSymbols() throws IOException {
        assertThat(ours(dir.resolve("hello.c"), SymbolTable.STATIC)).isEmpty();
    }

    @Test
    void aSymbolTableBeyondTheEndIsNamedWithTheFile() throws IOException {
        byte[] whole = Files.readAllBytes(dir.resolve("object"));
        byte[] bytes = java.util.Arrays.copyOf(whole, 100);
        Path cut = Files.write(dir.resolve("cut"), bytes);
        assertThatThrownBy(() -> ours(cut, SymbolTable.STATIC))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(cut.toString());
    }
}
