package rookery.elf.golang;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import rookery.elf.bytes.Budget;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.Source;

class GoBuildInfoReaderTest {
    private static final byte[] MAGIC = "\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1);
    private static final String MODULES =
            """
            path\texample.test/app
            mod\texample.test/app\t(devel)\t
            dep\texample.test/lib\tv1.0.0\th1:abc=
            =>\texample.test/fork\tv1.0.1\th1:def=
            build\t-ldflags="-s -w -X \\"main.v=1\\""
            build\tCGO_ENABLED=1
            build\tCGO_CFLAGS=
            """;

    private static Optional<GoBuildInfo> find(byte[] bytes) {
        return new GoBuildInfoReader(
                        new Input(
                                Source.of(MemorySegment.ofArray(bytes)),
                                new Budget(Budget.VERDICT)),
                        address -> address - 0x1000)
                .find(List.of(new GoBuildInfoReader.Range(0, bytes.length, 0x1000)));
    }

    private static byte[] marked(String text) {
        return ("0123456789abcdef" + text + "fedcba9876543210")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] inline(int at) {
        byte[] modules = marked(MODULES);
        ByteBuffer bytes = ByteBuffer.allocate(1024);
        bytes.put(at, MAGIC).put(at + 14, (byte) 8).put(at + 15, (byte) 2);
        bytes.position(at + 32);
        bytes.put((byte) 8).put("go1.24.1".getBytes(StandardCharsets.ISO_8859_1));
        bytes.put((byte) ((modules.length & 0x7f) | 0x80)).put((byte) (modules.length >> 7));
        bytes.put(modules);
        return bytes.array();
    }

    @Test
    void theBlockIsFoundAndReadWithModulesReplacementsAndQuotedSettings() {
        GoBuildInfo go = find(inline(64)).orElseThrow();
        assertThat(go.version()).isEqualTo("1.24.1");
        assertThat(go.path()).isEqualTo("example.test/app");
        assertThat(go.dependencies().getFirst().replacedBy().orElseThrow().path())
                .isEqualTo("example.test/fork");
        assertThat(go.setting("-ldflags")).contains("-s -w -X \"main.v=1\"");
        assertThat(go.setting("CGO_CFLAGS")).contains("");
        assertThat(go.cgoEnabled()).isTrue();
    }

    @Test
    void aBlockThatIsNotAlignedIsATextThatLooksLikeOne() {
        assertThat(find(inline(65))).isEmpty();
    }

    @Test
    void theFormBeforeGo118IsReadThroughItsAddresses() {
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            byte[] modules = marked(MODULES);
            ByteBuffer bytes = ByteBuffer.allocate(1024).order(order);
            bytes.put(0, MAGIC).put(14, (byte) 8);
            bytes.put(15, (byte) (order == ByteOrder.BIG_ENDIAN ? 1 : 0));
            bytes.putLong(16, 0x1000 + 64).putLong(24, 0x1000 + 80);
            bytes.putLong(64, 0x1000 + 128)
                    .putLong(72, 6)
                    .put(128, "go1.17".getBytes(StandardCharsets.ISO_8859_1));
            bytes.putLong(80, 0x1000 + 256).putLong(88, modules.length).put(256, modules);
            GoBuildInfo go = find(bytes.array()).orElseThrow();
            assertThat(go.goVersion()).isEqualTo("go1.17");
            assertThat(go.main().orElseThrow().version()).isEqualTo("(devel)");
        }
    }

    @Test
    void aBlockThatPromisesMoreThanTheFileHoldsIsNone() {
        byte[] bytes = java.util.Arrays.copyOf(inline(64), 128);
        assertThat(find(bytes)).isEmpty();
    }
}
