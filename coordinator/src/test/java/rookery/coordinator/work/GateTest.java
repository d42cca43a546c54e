package rookery.coordinator.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.model.JobSpec;
import rookery.model.Outcome;
import rookery.model.RookeryException;
import rookery.model.Target;
import rookery.model.Work;
import rookery.oci.Blob;
import rookery.oci.Platform;
import rookery.oci.layout.ImageLayout;

/// The gate's policies, on the smallest program that Linux starts.
class GateTest {
    private static final Target AMD64 = Target.of(Platform.of("linux", "amd64")).orElseThrow();
    private static final JobSpec.Wanted WANTED =
            new JobSpec.Wanted(AMD64, AMD64.defaultLevel(), true);

    @TempDir private Path dir;
    private ImageLayout blobs;
    private Blob binary;

    @BeforeEach
    void aStaticProgram() throws IOException {
        blobs = ImageLayout.create(dir.resolve("blobs"));
        try (var blob = blobs.incoming(1 << 20)) {
            blob.write(program());
            binary = blob.commit();
        }
    }

    /// A header, one segment, and a jump to itself.
    private static byte[] program() {
        var bytes = ByteBuffer.allocate(122).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0x464c457f).putInt(0x00010102).putLong(0);
        bytes.putShort((short) 2).putShort((short) 62).putInt(1);
        bytes.putLong(0x400078).putLong(64).putLong(0).putInt(0);
        bytes.putShort((short) 64).putShort((short) 56).putShort((short) 1).putShort((short) 64);
        bytes.putInt(0);
        bytes.putInt(1).putInt(5).putLong(0).putLong(0x400000).putLong(0x400000);
        bytes.putLong(122).putLong(122).putLong(0x1000);
        return bytes.put((byte) 0xeb).put((byte) 0xfe).array();
    }

    private Outcome judged(String policy) throws IOException {
        return new Gate(blobs).judge(new Work.Verify(WANTED, policy), binary);
    }

    private List<String> refused(String policy) throws IOException {
        assertThat(judged(policy)).isInstanceOf(Outcome.Broke.class);
        return ((Outcome.Broke) judged(policy)).failure().excerpt();
    }

    @Test
    void eachBuiltInPolicyAsksForMore() throws IOException {
        assertThat(judged("static")).isInstanceOf(Outcome.Made.class);
        assertThat(judged("scratch")).isInstanceOf(Outcome.Made.class);
        assertThat(refused("hardened")).anyMatch(line -> line.startsWith("fail no-pie: "));
    }

    @Test
    void theRulesOfASpecDecide() throws IOException {
        assertThat(
                        judged(
                                "base hardened\nallow no-pie because of the test\nallow no-relro because of the test\nallow no-nx because of the test\n"))
                .isInstanceOf(Outcome.Made.class);
        assertThat(refused("base static\nrequire libc musl because we ship nothing else\n"))
                .anyMatch(line -> line.contains("we ship nothing else"));
    }

    @Test
    void rulesThatThisVersionDoesNotUnderstandAreTheSpecsMistake() {
        assertThatThrownBy(() -> judged("forbid everything"))
                .isInstanceOf(RookeryException.class)
                .hasMessageContaining("line 1");
    }
}
