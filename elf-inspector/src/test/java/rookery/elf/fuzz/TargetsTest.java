package rookery.elf.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import rookery.elf.Expectation;
import rookery.elf.Inspection;
import rookery.elf.Policy;
import rookery.elf.ar.ArFile;
import rookery.elf.bytes.Budget;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.Source;
import rookery.elf.bytes.UnreadableException;
import rookery.elf.golang.GoBuildInfoReader;
import rookery.elf.pe.PeFile;

/// Targets for the fuzzer: one for each format. As plain tests they run their seeds; with
/// `JAZZER_FUZZ=1` and one target named, the fuzzer looks for more.
class TargetsTest {
    static Stream<byte[]> seeds() {
        return Stream.of(
                new byte[0],
                bytes("\u007fELF\u0002\u0001\u0001" + "\0".repeat(57)),
                bytes("\u007fELF\u0001\u0002\u0001" + "\0".repeat(45)),
                bytes("!<arch>\na.o/            0           0     0     644     4         `\nabcd"),
                bytes(
                        "!<arch>\n//              0           0     0     644     4         `\na/\n\n"),
                bytes("MZ" + "\0".repeat(58) + "@\0\0\0PE\0\0" + "\0".repeat(40)),
                bytes("\u00ff Go buildinf:\u0008\u0002" + "\0".repeat(16) + "\u0004go1.\0"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Input input(byte[] bytes) {
        return new Input(Source.of(MemorySegment.ofArray(bytes)), new Budget(Budget.VERDICT));
    }

    @MethodSource("seeds")
    @FuzzTest
    void anyFile(byte[] bytes) {
        var report = Inspection.of(Source.of(MemorySegment.ofArray(bytes)), Inspection.Depth.DEEP);
        Policy.HARDENED.judge(report, Expectation.of("linux/amd64")).reasons();
    }

    @MethodSource("seeds")
    @FuzzTest
    void symbolsOfElf(byte[] bytes) {
        try {
            for (var table : Inspection.SymbolTable.values()) {
                Inspection.symbols(Source.of(MemorySegment.ofArray(bytes)), table, _ -> {});
            }
        } catch (UnreadableException e) {
            e.reason();
        }
    }

    @MethodSource("seeds")
    @FuzzTest
    void archive(byte[] bytes) {
        try {
            ArFile.parse(input(bytes));
        } catch (UnreadableException e) {
            e.reason();
        }
    }

    @MethodSource("seeds")
    @FuzzTest
    void portableExecutable(byte[] bytes) {
        try {
            PeFile.parse(input(bytes));
        } catch (UnreadableException e) {
            e.reason();
        }
    }

    @MethodSource("seeds")
    @FuzzTest
    void goBuildInfo(byte[] bytes) {
        try {
            new GoBuildInfoReader(input(bytes), address -> address)
                    .find(List.of(new GoBuildInfoReader.Range(0, bytes.length, 0)));
        } catch (UnreadableException e) {
            e.reason();
        }
    }
}
