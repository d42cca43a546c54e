package rookery.elf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.elf.bytes.Source;

/// Sections whose bytes are packed: named, looked into where they are zlib's, and never trusted.
class CompressedSectionsTest {
    private static final String SOMEBODY = "/home/me/src/secret";
    private static final int HEADER_BYTES = 24;
    private static final int SECTION_HEADERS_AT = 40;
    private static final int SECTION_HEADER_BYTES = 64;

    @TempDir static Path dir;
    private static Tools tools;
    private static byte[] zlib = {};

    @BeforeAll
    static void sources() throws IOException {
        tools = new Tools(dir);
        tools.write("hello.c", "#include <stdio.h>\nint main(void) { puts(\"hi\"); return 0; }\n");
        zlib = Files.readAllBytes(compiled("zlib", "-gz=zlib"));
    }

    /// A static program whose debug information says that it was built in somebody's home.
    private static Path compiled(String name, String packing) {
        return tools.compile(
                name,
                "gcc",
                "-static",
                "-gdwarf-4",
                packing,
                "-fdebug-prefix-map=" + dir + "=" + SOMEBODY,
                "hello.c");
    }

    private static Report look(byte[] bytes) {
        return Inspection.of(
                Source.of(MemorySegment.ofArray(bytes)), Inspection.Depth.DEEP_IF_STATIC);
    }

    private static CompressedSection one(Report report, String name) {
        return report.compressedSections().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<Finding> findings(Report report, String id) {
        return Policy.SCRATCH.judge(report, Expectation.of("linux/amd64")).reasons().stream()
                .filter(f -> f.id().equals(id))
                .toList();
    }

    @Test
    void aZlibSectionIsUnpackedAndThePathsInItAreLeaks() {
        Report report = look(zlib);
        CompressedSection strings = one(report, ".debug_str");
        assertThat(strings.method()).isEqualTo("zlib");
        assertThat(strings.state()).isEqualTo(new CompressedSection.State.Read());
        assertThat(strings.fullBytes()).isGreaterThan(strings.packedBytes());
        assertThat(findings(report, "leaked-path"))
                .singleElement()
                .satisfies(f -> assertThat(f.evidence()).contains(SOMEBODY, ".debug_", "unpacked"));
        assertThat(findings(report, "unread-section")).isEmpty();
    }

    @Test
    void aZstdSectionIsNamedAndLeftPacked() throws IOException {
        compiled("plain", "-gz=none");
        tools.run(
                Map.of(),
                List.of("objcopy", "--compress-debug-sections=zstd", "plain", "with-zstd"));
        Report report = look(Files.readAllBytes(dir.resolve("with-zstd")));
        CompressedSection info = one(report, ".debug_info");
        assertThat(info.method()).isEqualTo("zstd");
        assertThat(info.state()).isInstanceOf(CompressedSection.State.Unread.class);
        assertThat(info.describe()).contains("zstd", "not looked into");
        assertThat(findings(report, "unread-section")).isEmpty();
    }

    @Test
    void theOldFormIsKnownByItsNameAndLeftPacked() throws IOException {
        Report report = look(Files.readAllBytes(compiled("old", "-gz=zlib-gnu")));
        assertThat(report.compressedSections())
                .isNotEmpty()
                .allSatisfy(s -> {
                    assertThat(s.name()).startsWith(".zdebug_");
                    assertThat(s.method()).isEqualTo("zlib-gnu");
                    assertThat(s.fullBytes()).isGreaterThan(s.packedBytes());
                    assertThat(s.state().word()).isEqualTo("unread");
                });
    }

    @Test
    void aSectionThatSaysMoreThanAStreamCanHoldIsNotBegun() {
        Report report = look(withSection(1L << 62, deflated(new byte[100])));
        assertThat(one(report, ".debug_str").state())
                .isInstanceOfSatisfying(
                        CompressedSection.State.Damaged.class,
                        s -> assertThat(s.why()).contains("cannot be packed into"));
        assertThat(findings(report, "unread-section"))
                .singleElement()
                .satisfies(f -> assertThat(f.evidence()).contains(".debug_str"));
    }

    @Test
    void aBombIsLeftPackedAndNamed() {
        byte[] zeros = new byte[16 << 20];
        Report small = look(withSection(zeros.length, deflated(zeros)));
        assertThat(one(small, ".debug_str").state().word()).isEqualTo("read");
        long tooMuch = 129L << 20;
        Report large = look(withSection(tooMuch, new byte[1 << 20]));
        assertThat(one(large, ".debug_str").state())
                .isInstanceOfSatisfying(
                        CompressedSection.State.Unread.class,
                        s -> assertThat(s.why()).contains("bytes to unpack"));
        assertThat(findings(large, "unread-section")).hasSize(1);
    }

    @Test
    void aSectionThatUnpacksToSomethingElseIsDamaged() {
        byte[] packed = deflated(new byte[1000]);
        for (long claim : new long[] {10, 999, 1001, 0}) {
            assertThat(one(look(withSection(claim, packed)), ".debug_str").state().word())
                    .isEqualTo("damaged");
        }
        byte[] cut = java.util.Arrays.copyOf(packed, packed.length - 6);
        assertThat(one(look(withSection(1000, cut)), ".debug_str").describe())
                .contains("damaged: it ends early");
        byte[] none = new byte[packed.length];
        assertThat(one(look(withSection(1000, none)), ".debug_str").describe())
                .contains("damaged: no zlib stream");
    }

    @Test
    void aPathThatLiesAcrossTwoPiecesIsFoundWhole() {
        byte[] path =
                (SOMEBODY + "/a/b/c.c\0").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        for (int before : List.of(1 << 20, (1 << 20) + 250, (1 << 20) + 256, (1 << 20) - 8)) {
            byte[] text = new byte[2 << 20];
            System.arraycopy(path, 0, text, before, path.length);
            Report report = look(withSection(text.length, deflated(text)));
            assertThat(report.contents().orElseThrow().leaks())
                    .contains(
                            new Leak(
                                    SOMEBODY + "/a/b/c.c",
                                    before,
                                    java.util.Optional.of(".debug_str")));
        }
    }

    private static byte[] deflated(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        try (var deflater = new DeflaterOutputStream(out)) {
            deflater.write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    /// The sample with another content of `.debug_str`, behind everything else.
    private static byte[] withSection(long claim, byte[] packed) {
        ByteBuffer file =
                ByteBuffer.allocate(zlib.length + HEADER_BYTES + packed.length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        file.put(zlib);
        file.putInt(1).putInt(0).putLong(claim).putLong(1).put(packed);
        List<Section> sections = Inspection.sections(Source.of(MemorySegment.ofArray(zlib)));
        for (int i = 0; i < sections.size(); i++) {
            if (sections.get(i).name().equals(".debug_str")) {
                int at = (int) file.getLong(SECTION_HEADERS_AT) + i * SECTION_HEADER_BYTES;
                file.putLong(at + 24, zlib.length);
                file.putLong(at + 32, HEADER_BYTES + packed.length);
            }
        }
        return file.array();
    }
}
