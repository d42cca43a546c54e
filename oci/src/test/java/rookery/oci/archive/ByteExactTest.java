package rookery.oci.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.oci.Digest;
import rookery.oci.layout.ImageLayout;
import rookery.oci.layout.Layers;

/// The digests here are promises to everybody who has published an image: if one of them changes,
/// the same sources no longer give the same image.
class ByteExactTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir Path dir;

    @Test
    void theBytesOfATarNeverChange() throws IOException {
        byte[] tar = sample();
        assertThat(tar).hasSize(17 * 512);
        assertThat(Digest.of(tar))
                .hasToString(
                        "sha256:0077082f24e902cbcc0d373d1359053ca39abdef2d57d7ee58b585b1d51a824f");
    }

    @Test
    void theBytesOfAGzipNeverChange() throws IOException {
        assertThat(Digest.of(gzip(sample())))
                .hasToString(
                        "sha256:f55c3790e8e43eb6fc6638acf0df5a062bd2e63997d1c7641a748301bf054334");
        assertThat(Digest.of(gzip(noise(3 << 20))))
                .hasToString(
                        "sha256:8a37578823811cea3e63aef07273d5099d1a86939ffb09e6866fd122a39fa9d9");
        assertThat(Digest.of(gzip(new byte[0])))
                .hasToString(
                        "sha256:ac73670af3abed54ac6fb4695131f4099be9fbe39d6076c5d0264a6bbdae9d83");
    }

    @Test
    void theDigestsOfALayerNeverChange() throws IOException {
        var layout = ImageLayout.create(dir.resolve("store"));
        var layer = Layers.put(layout, TIME, tar -> tar.file("app", 0755, noise(100_000)));
        assertThat(layer.diffId())
                .hasToString(
                        "sha256:d67eea97237011c2c10cd05f21cf59ee4de69319d347416dae326ed3de540f6a");
        assertThat(layer.blob().digest())
                .hasToString(
                        "sha256:0d74287463a0e99578d1a8c38e3a7e70494a6b1f16ee7f1082744c0cc02701c0");
        assertThat(layout.verify(layer.blob().digest())).isEqualTo(layer.blob());
    }

    @Test
    void whatIsCompressedComesBack() throws IOException {
        for (int size : new int[] {0, 1, 65_535, 65_536, 65_537, 5_000_000}) {
            for (byte[] bytes : List.of(noise(size), new byte[size])) {
                try (var in = new GZIPInputStream(new ByteArrayInputStream(gzip(bytes)))) {
                    assertThat(in.readAllBytes()).isEqualTo(bytes);
                }
            }
        }
    }

    @Test
    void anIndependentReaderUnderstandsOurTar() throws IOException {
        var names = new ArrayList<String>();
        try (var in = new TarArchiveInputStream(new ByteArrayInputStream(sample()))) {
            for (TarArchiveEntry entry; (entry = in.getNextEntry()) != null; ) {
                names.add(entry.getName() + " " + Integer.toOctalString(entry.getMode()));
                assertThat(entry.getLastModifiedTime().toInstant()).isEqualTo(TIME);
                assertThat(entry.getLongUserId()).isZero();
                if (entry.isSymbolicLink()) {
                    assertThat(entry.getLinkName()).isEqualTo("../app");
                }
            }
        }
        assertThat(names)
                .containsExactly(
                        "app 755",
                        "bin/ 755",
                        "bin/run 777",
                        "d".repeat(80) + "/" + "f".repeat(60) + " 644",
                        "e".repeat(150) + " 644",
                        "ü 644");
    }

    @Test
    void weUnderstandAnIndependentWriter() throws IOException {
        for (int mode :
                new int[] {
                    TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX
                }) {
            var out = new ByteArrayOutputStream();
            try (var tar = new TarArchiveOutputStream(out, "UTF-8")) {
                tar.setLongFileMode(mode);
                String name = "x/" + "n".repeat(200);
                var entry = new TarArchiveEntry(name);
                entry.setSize(3);
                entry.setMode(0640);
                tar.putArchiveEntry(entry);
                tar.write("abc".getBytes(StandardCharsets.UTF_8));
                tar.closeArchiveEntry();
                var link = new TarArchiveEntry("link", TarArchiveEntry.LF_SYMLINK);
                link.setLinkName(name);
                tar.putArchiveEntry(link);
                tar.closeArchiveEntry();
            }
            assertThat(list(out.toByteArray()))
                    .containsExactly(
                            new TarEntry.File("x/" + "n".repeat(200), 0640, 3),
                            new TarEntry.Symlink("link", "x/" + "n".repeat(200)));
        }
    }

    /// GNU tar cuts the short name at 100 bytes, which need not be the end of a character.
    @Test
    void aShortNameThatIsCutInACharacterDoesNotMatter() throws IOException {
        String name = "a" + "ü".repeat(80);
        byte[] tar =
                new RawTar()
                        .entry('L', "././@LongLink", "", name + "\0")
                        .file("a" + "ü".repeat(49), "x")
                        .bytes();
        tar[1024 + 99] = (byte) 0xc3;
        System.arraycopy(
                RawTar.sealed(java.util.Arrays.copyOfRange(tar, 1024, 1536)), 0, tar, 1024, 512);
        assertThat(list(tar)).extracting(TarEntry::name).containsExactly(name);
    }

    @Test
    void ourReaderUnderstandsOurWriter() throws IOException {
        assertThat(list(sample()))
                .containsExactly(
                        new TarEntry.File("app", 0755, 700),
                        new TarEntry.Directory("bin", 0755),
                        new TarEntry.Symlink("bin/run", "../app"),
                        new TarEntry.File("d".repeat(80) + "/" + "f".repeat(60), 0644, 1),
                        new TarEntry.File("e".repeat(150), 0644, 1),
                        new TarEntry.File("ü", 0644, 1));
        assertThat(list(gzip(sample()))).isEqualTo(list(sample()));
    }

    @Test
    void entriesOutOfOrderAreRefused() throws IOException {
        try (var tar = new TarWriter(new ByteArrayOutputStream(), TIME)) {
            tar.file("b", 0644, new byte[0]);
            assertThatThrownBy(() -> tar.file("a", 0644, new byte[0]))
                    .hasMessageContaining("against the order");
            assertThatThrownBy(() -> tar.file("b", 0644, new byte[0]))
                    .hasMessageContaining("against the order");
        }
        try (var tar = new TarWriter(new ByteArrayOutputStream(), TIME, TarWriter.Order.AS_GIVEN)) {
            tar.file("b", 0644, new byte[0]);
            tar.file("a", 0644, new byte[0]);
        }
    }

    @Test
    void aFileThatChangesItsSizeIsNoticed() throws IOException {
        try (var tar = new TarWriter(new ByteArrayOutputStream(), TIME)) {
            assertThatThrownBy(() -> tar.file("a", 0644, 2, new ByteArrayInputStream(new byte[1])))
                    .hasMessageContaining("ended 1 bytes before");
            assertThatThrownBy(() -> tar.file("b", 0644, 2, new ByteArrayInputStream(new byte[3])))
                    .hasMessageContaining("grew beyond");
        }
    }

    @Test
    void twoCheckoutsOfTheSameFilesGiveTheSameTar() throws IOException {
        Path one = checkout("one", 1, "rwxr-x---", "rw-------");
        Path two = checkout("two", 2, "rwxrwxrwx", "rw-rw-rw-");
        assertThat(pack(one)).isEqualTo(pack(two));
        assertThat(Digest.of(pack(one)))
                .hasToString(
                        "sha256:8b16c1515cea04afa1f6568ad847a4e6e958792f37365026bd1c045edd1afb22");
    }

    @Test
    void aTreeComesOutAsItWentIn() throws IOException {
        Path tree = checkout("tree", 1, "rwxr-xr-x", "rw-r--r--");
        Path copy = dir.resolve("copy");
        Extractor.extract(new ByteArrayInputStream(pack(tree)), copy, Limits.ORDINARY);
        assertThat(pack(copy)).isEqualTo(pack(tree));
        assertThat(Files.readSymbolicLink(copy.resolve("cmd/link"))).hasToString("../go.mod");
        assertThat(Files.getLastModifiedTime(copy.resolve("go.mod")).toInstant())
                .isEqualTo(Instant.EPOCH);
    }

    @Test
    void whatIsNotWantedStaysOut() throws IOException {
        Path tree = checkout("tree", 1, "rwxr-xr-x", "rw-r--r--");
        var out = new ByteArrayOutputStream();
        TreeTar.pack(tree, name -> !name.equals("cmd"), Limits.ORDINARY, out);
        assertThat(list(out.toByteArray()))
                .extracting(TarEntry::name)
                .containsExactly("build.sh", "go.mod");
        out.reset();
        TreeTar.pack(tree, List.of("go.mod", "./cmd/main.go"), Limits.ORDINARY, out);
        assertThat(list(out.toByteArray()))
                .extracting(TarEntry::name)
                .containsExactly("cmd", "cmd/main.go", "go.mod");
    }

    @Test
    void aLinkOutOfTheTreeIsRefused() throws IOException {
        for (String target : List.of("/etc/passwd", "../secret", "cmd/../../secret")) {
            Path tree = checkout("t" + target.length(), 1, "rwxr-xr-x", "rw-r--r--");
            Files.createSymbolicLink(tree.resolve("bad"), Path.of(target));
            assertThatThrownBy(() -> pack(tree))
                    .isInstanceOfSatisfying(
                            ArchiveException.class,
                            e -> assertThat(e.kind()).isEqualTo(ArchiveException.Kind.ESCAPE))
                    .hasMessageContaining("'bad'");
        }
    }

    @Test
    void aFileBehindALinkedDirectoryIsRefused() throws IOException {
        Path tree = checkout("tree", 1, "rwxr-xr-x", "rw-r--r--");
        Files.createSymbolicLink(tree.resolve("alias"), Path.of("cmd"));
        assertThatThrownBy(() ->
                        TreeTar.pack(
                                tree,
                                List.of("alias/main.go"),
                                Limits.ORDINARY,
                                new ByteArrayOutputStream()))
                .hasMessageContaining("lies behind 'alias'");
        // The link itself is welcome.
        assertThat(list(pack(tree))).contains(new TarEntry.Symlink("alias", "cmd"));
    }

    @Test
    void aTreeLargerThanItsLimitsIsRefused() throws IOException {
        Path tree = checkout("tree", 1, "rwxr-xr-x", "rw-r--r--");
        var out = new ByteArrayOutputStream();
        assertThatThrownBy(() -> TreeTar.pack(tree, _ -> true, new Limits(2, 1 << 20, 100, 1), out))
                .hasMessageContaining("more than 2 entries");
        assertThat(out.size()).isZero();
    }

    private Path checkout(String name, int order, String program, String text) throws IOException {
        Path tree = Files.createDirectory(dir.resolve(name));
        List<String> files = new ArrayList<>(List.of("go.mod", "build.sh", "cmd/main.go"));
        if (order == 2) {
            files = files.reversed();
        }
        Files.createDirectory(tree.resolve("cmd"));
        for (String file : files) {
            Path path = Files.writeString(tree.resolve(file), "content of " + file + "\n");
            Files.setPosixFilePermissions(
                    path,
                    java.nio.file.attribute.PosixFilePermissions.fromString(
                            file.equals("build.sh") ? program : text));
        }
        Files.createSymbolicLink(tree.resolve("cmd/link"), Path.of("../go.mod"));
        assertThat(Files.exists(tree.resolve("cmd/link"), LinkOption.NOFOLLOW_LINKS)).isTrue();
        return tree;
    }

    private static byte[] pack(Path tree) throws IOException {
        var out = new ByteArrayOutputStream();
        TreeTar.pack(tree, _ -> true, Limits.ORDINARY, out);
        return out.toByteArray();
    }

    private static List<TarEntry> list(byte[] archive) throws IOException {
        var all = new ArrayList<TarEntry>();
        TarReader.read(new ByteArrayInputStream(archive), Limits.ORDINARY, (e, _, _) -> all.add(e));
        return all;
    }

    private static byte[] sample() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var tar = new TarWriter(out, TIME)) {
            tar.file("app", 0755, noise(700));
            tar.directory("bin", 0755);
            tar.symlink("bin/run", "../app");
            tar.file("d".repeat(80) + "/" + "f".repeat(60), 0644, new byte[] {'x'});
            tar.file("e".repeat(150), 0644, new byte[] {'x'});
            tar.file("ü", 0644, new byte[] {'x'});
        }
        return out.toByteArray();
    }

    /// Half compressible, and the same in every Java: Random's algorithm is specified.
    private static byte[] noise(int size) {
        var random = new Random(1);
        byte[] all = new byte[size];
        for (int i = 0; i < size; i++) {
            all[i] = (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : i % 64);
        }
        return all;
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GzipWriter(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }
}
