package rookery.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.cli.CommandLine.Ran;
import rookery.coordinator.store.Store;
import rookery.oci.Digest;
import rookery.oci.layout.ImageLayout;

class GcCommandTest {
    @TempDir private Path directory;
    private Path state;
    private CommandLine line;
    private ImageLayout blobs;
    private Digest stray;

    @BeforeEach
    void aFarmWithABlobThatNobodyNeeds() throws IOException {
        line =
                new CommandLine(
                        directory,
                        () -> {
                            throw new AssertionError("no farm is needed");
                        });
        state = directory.resolve("home/.local/state/rookery");
        Store.open(state.resolve("farm.db")).close();
        blobs = ImageLayout.create(state.resolve("blobs"));
        stray = blobs.put("a stray blob".getBytes(UTF_8)).digest();
        blobs.touch(stray, Instant.ofEpochMilli(FakeFarm.START_MS));
    }

    @Test
    void aDryRunOnlySaysWhatWouldGo() {
        Ran ran = line.run("gc", "--dry-run");
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).startsWith("would delete 1 blobs (12 bytes)");
        assertThat(blobs.has(stray)).isTrue();
    }

    @Test
    void whatNobodyNeedsIsDeletedAndTheJsonSaysSo() {
        Ran ran = line.run("gc", "--output", "json");
        assertThat(ran.code()).isZero();
        assertThat(ran.out())
                .contains("\"dry_run\": false", "\"deleted_blobs\": 1", "\"deleted_bytes\": 12");
        assertThat(blobs.has(stray)).isFalse();
    }

    @Test
    void aStateThatIsInUseIsLeftAlone() throws IOException {
        try (var channel =
                        FileChannel.open(
                                state.resolve("lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                var _ = channel.lock()) {
            Ran ran = line.run("gc");
            assertThat(ran.code()).isEqualTo(20);
            assertThat(ran.err()).contains("a farm is running on");
        }
        assertThat(blobs.has(stray)).isTrue();
    }

    @Test
    void aDirectoryThatIsNoFarmsStateIsNamed() throws IOException {
        Files.createDirectories(directory.resolve("other"));
        Ran ran = line.run("gc", "--state", "other");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("there is no farm.db in", "--state");
        assertThat(directory.resolve("other")).isEmptyDirectory();
    }

    @Test
    void sizesAndTimesAreTakenInPeoplesUnits() {
        assertThat(line.run("gc", "--dry-run", "--max-size", "20G", "--unused-for", "7d").code())
                .isZero();
        assertThat(line.run("gc", "--max-size", "much").err()).contains("500M, 20G or 1T");
        assertThat(line.run("gc", "--unused-for", "long").err()).contains("12h or 30d");
    }
}
