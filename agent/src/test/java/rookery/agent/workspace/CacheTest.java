package rookery.agent.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.oci.Digest;
import rookery.oci.archive.TarWriter;

class CacheTest {
    @TempDir Path directory;

    @Test
    void aThingIsMadeOnceHoweverManyWantIt() throws Exception {
        try (Cache cache = Cache.open(directory.resolve("c"), "a")) {
            var made = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 8; i++)
                threads.add(
                        Thread.ofVirtual()
                                .start(() -> {
                                    try {
                                        cache.once(
                                                "prefix/x",
                                                empty ->
                                                        Files.writeString(
                                                                empty.resolve("n"),
                                                                "" + made.incrementAndGet()));
                                    } catch (IOException | InterruptedException e) {
                                        throw new AssertionError(e);
                                    }
                                }));
            for (Thread thread : threads) thread.join();
            assertThat(made).hasValue(1);
            assertThat(directory.resolve("c/prefix/x/n")).hasContent("1");
        }
    }

    @Test
    void aThingThatFailedToBeMadeLeavesNothingAndIsTriedAgain() throws Exception {
        try (Cache cache = Cache.open(directory.resolve("c"), "a")) {
            assertThatThrownBy(() ->
                            cache.once(
                                    "zig/x",
                                    empty -> {
                                        Files.writeString(empty.resolve("half"), "");
                                        throw new IOException("stopped");
                                    }))
                    .hasMessage("stopped");
            assertThat(directory.resolve("c/zig")).isEmptyDirectory();
            cache.once("zig/x", empty -> Files.writeString(empty.resolve("whole"), ""));
            assertThat(directory.resolve("c/zig/x/half")).doesNotExist();
        }
    }

    @Test
    void twoLivingAgentsOfOneNameAreRefused() throws Exception {
        try (Cache cache = Cache.open(directory.resolve("c"), "a")) {
            assertThat(cache.root()).isAbsolute();
            assertThatThrownBy(() -> Cache.open(directory.resolve("c"), "a"))
                    .hasMessageContaining("already running");
        }
    }

    @Test
    void roomsOfTheDeadAreSweptAndThoseOfTheLivingAreNot() throws Exception {
        Path dead = directory.resolve("c/work/dead");
        Files.createDirectories(dead.resolve("l1-room"));
        Files.createFile(directory.resolve("c/work/dead.alive"));
        try (Cache living = Cache.open(directory.resolve("c"), "living")) {
            Path room = living.room("l2").directory("build");
            try (Cache other = Cache.open(directory.resolve("c"), "other")) {
                assertThat(dead).doesNotExist();
                assertThat(room).isDirectory();
                assertThat(other.root()).isEqualTo(living.root());
            }
        }
    }

    @Test
    void aRoomGoesWithReadOnlyDirectoriesAndWithoutFollowingLinks() throws Exception {
        Path precious = Files.createDirectory(directory.resolve("precious"));
        Files.writeString(precious.resolve("file"), "keep");
        try (Cache cache = Cache.open(directory.resolve("c"), "a")) {
            Room room = cache.room("l1");
            Path mod = room.directory("build/mod");
            Files.writeString(mod.resolve("x.go"), "");
            Files.createSymbolicLink(mod.resolve("out"), precious);
            Files.setPosixFilePermissions(mod, PosixFilePermissions.fromString("r-xr-xr-x"));
            room.close();
            assertThat(mod).doesNotExist();
        }
        assertThat(precious.resolve("file")).hasContent("keep");
    }

    @Test
    void usingAnUnpackedTreeMakesItYoungAgain() throws Exception {
        Path archive = directory.resolve("a.tar");
        try (var tar =
                new TarWriter(
                        Files.newOutputStream(archive), Instant.EPOCH, TarWriter.Order.SORTED)) {
            tar.file("n", 0644, new byte[0]);
        }
        var digest = new Digest("a".repeat(64));
        try (Cache cache = Cache.open(directory.resolve("c"), "a")) {
            FileTime old = FileTime.fromMillis(1_000);
            Path tree = cache.unpacked(digest, archive);
            Files.setLastModifiedTime(tree, old);
            assertThat(cache.unpacked(digest, archive)).isEqualTo(tree);
            assertThat(Files.getLastModifiedTime(tree)).isGreaterThan(old);
        }
    }

    @Test
    void goCachesOfTrustDomainsAreApart() throws Exception {
        try (Cache cache = Cache.open(directory.resolve("c"), "a")) {
            assertThat(cache.goCache("go1.26.8", "a")).isNotEqualTo(cache.goCache("go1.26.8", "b"));
        }
    }
}
