package rookery.agent.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectedTest {
    @TempDir Path out;

    @Test
    void aPlainFileIsTaken() throws Exception {
        Path file = Files.writeString(out.resolve("binary"), "12345");
        assertThat(Collected.of(out, "binary", 5)).isEqualTo(new Collected.File(file, 5));
    }

    @Test
    void aLinkIsRefusedWhateverItPointsTo() throws Exception {
        Files.writeString(out.resolve("target"), "12345");
        Files.createSymbolicLink(out.resolve("binary"), Path.of("target"));
        assertThat(Collected.of(out, "binary", 1 << 20)).isInstanceOf(Collected.Refused.class);
    }

    @Test
    void aFileWithASecondNameIsRefused() throws Exception {
        Files.writeString(out.resolve("a"), "1");
        Files.createLink(out.resolve("binary"), out.resolve("a"));
        assertThat(Collected.of(out, "binary", 9))
                .isInstanceOfSatisfying(
                        Collected.Refused.class, r -> assertThat(r.why()).contains("2 names"));
    }

    @Test
    void aDirectoryAndTooManyBytesAreRefused() throws Exception {
        Files.createDirectory(out.resolve("d"));
        Files.writeString(out.resolve("large"), "123456");
        assertThat(Collected.of(out, "d", 9)).isInstanceOf(Collected.Refused.class);
        assertThat(Collected.of(out, "large", 5)).isInstanceOf(Collected.Refused.class);
    }

    @Test
    void nothingIsMissingAndANameWithASlashIsNeverLookedAt() throws Exception {
        assertThat(Collected.of(out, "x", 5)).isEqualTo(new Collected.Missing());
        assertThatThrownBy(() -> Collected.of(out, "../x", 5)).hasMessageContaining("../x");
    }
}
