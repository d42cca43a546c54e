package rookery.oci.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;
import rookery.oci.archive.ArchiveException.Kind;

/// Each archive here has been an advisory somewhere, or could have been.
class HostileArchiveTest {
    private static final Limits SMALL = new Limits(50, 1 << 20, 1 << 18, 100);
    private static final byte[] GOOD = new RawTar().directory("a/").file("a/b", "x").bytes();

    @TempDir Path dir;
    private Path root;
    private Map<String, String> outside = new HashMap<>();

    @BeforeEach
    void plantCanaries() throws IOException {
        root = dir.resolve("deep/root");
        Files.createDirectories(dir.resolve("deep"));
        Files.writeString(dir.resolve("canary"), "alive");
        Files.writeString(dir.resolve("deep/canary"), "alive");
        outside = snapshot();
    }

    static Stream<Arguments> attacks() {
        String canary = "../canary";
        String deep = "d/".repeat(2100) + "f";
        return Stream.of(
                attack("parent", Kind.ESCAPE, new RawTar().file("../canary", "dead")),
                attack("parent inside", Kind.ESCAPE, new RawTar().file("a/../../canary", "dead")),
                attack("parent at the end", Kind.ESCAPE, new RawTar().directory("a/..")),
                attack("absolute", Kind.ESCAPE, new RawTar().file("/tmp/rookery-canary", "dead")),
                attack("absolute after dot", Kind.MALFORMED, new RawTar().file(".//x", "dead")),
                attack("double slash", Kind.MALFORMED, new RawTar().file("a//b", "dead")),
                attack("dot inside", Kind.MALFORMED, new RawTar().file("a/./b", "dead")),
                attack("no name", Kind.MALFORMED, new RawTar().file("", "dead")),
                attack(
                        "the root as a file",
                        Kind.MALFORMED,
                        new RawTar().file("./", "").file(".", "x")),
                attack("the root as a link", Kind.MALFORMED, new RawTar().symlink(".", "x")),
                attack("link out", Kind.ESCAPE, new RawTar().symlink("l", canary)),
                attack("link to /", Kind.ESCAPE, new RawTar().symlink("l", "/etc")),
                attack("link without target", Kind.MALFORMED, new RawTar().symlink("l", "")),
                attack(
                        "link out after a name",
                        Kind.ESCAPE,
                        new RawTar().symlink("l", "a/../../canary")),
                attack(
                        "links that leave together from deep inside",
                        Kind.ESCAPE,
                        new RawTar()
                                .symlink("x/y/z/s", "../../..")
                                .symlink("x/y/z/out", "s/../canary")),
                attack(
                        "links that leave together",
                        Kind.ESCAPE,
                        new RawTar().symlink("a/b/up", "../..").symlink("out", "a/b/up/../canary")),
                attack(
                        "file below a link",
                        Kind.ESCAPE,
                        new RawTar().symlink("l", "a").file("l/f", "dead")),
                attack(
                        "directory below a link",
                        Kind.ESCAPE,
                        new RawTar().symlink("l", ".").directory("l/d")),
                attack(
                        "link replaced by a file",
                        Kind.MALFORMED,
                        new RawTar().symlink("l", "x").file("l", "dead")),
                attack(
                        "directory replaced by a link",
                        Kind.MALFORMED,
                        new RawTar().directory("d").symlink("d", ".")),
                attack(
                        "implied directory replaced by a link",
                        Kind.MALFORMED,
                        new RawTar().file("d/f", "x").symlink("d", ".")),
                attack(
                        "file below a file",
                        Kind.ESCAPE,
                        new RawTar().file("f", "x").file("f/g", "x")),
                attack(
                        "the same file twice",
                        Kind.MALFORMED,
                        new RawTar().file("f", "x").file("./f", "y")),
                attack("hard link out", Kind.ESCAPE, new RawTar().hardlink("h", canary)),
                attack("hard link to /", Kind.ESCAPE, new RawTar().hardlink("h", "/etc/passwd")),
                attack(
                        "hard link to the working directory",
                        Kind.ESCAPE,
                        new RawTar().hardlink("h", "pom.xml")),
                attack(
                        "hard link to a link",
                        Kind.ESCAPE,
                        new RawTar().symlink("l", "x").hardlink("h", "l")),
                attack("hard link to the root", Kind.MALFORMED, new RawTar().hardlink("h", ".")),
                attack("hard link to itself", Kind.ESCAPE, new RawTar().hardlink("h", "h")),
                attack("character device", Kind.FORBIDDEN, new RawTar().entry('3', "null", "", "")),
                attack("block device", Kind.FORBIDDEN, new RawTar().entry('4', "sda", "", "")),
                attack("pipe", Kind.FORBIDDEN, new RawTar().entry('6', "fifo", "", "")),
                attack("sparse file", Kind.FORBIDDEN, new RawTar().entry('S', "hole", "", "")),
                attack("unknown type", Kind.FORBIDDEN, new RawTar().entry('V', "volume", "", "")),
                attack("newline in a name", Kind.FORBIDDEN, new RawTar().file("a\nb", "x")),
                attack("escape in a name", Kind.FORBIDDEN, new RawTar().file("a\u001b[2Jb", "x")),
                attack("newline in a link", Kind.FORBIDDEN, new RawTar().symlink("l", "a\nb")),
                attack(
                        "pax path out",
                        Kind.ESCAPE,
                        new RawTar().pax("path", "../canary").file("f", "dead")),
                attack(
                        "pax link out",
                        Kind.ESCAPE,
                        new RawTar().pax("linkpath", "/etc").symlink("l", "a")),
                attack(
                        "pax path empty",
                        Kind.MALFORMED,
                        new RawTar().pax("path", "").file("f", "x")),
                attack(
                        "pax path twice",
                        Kind.MALFORMED,
                        new RawTar().pax("path", "a", "path", "b").file("f", "x")),
                attack(
                        "pax path with NUL",
                        Kind.FORBIDDEN,
                        new RawTar().pax("path", "a\0b").file("f", "x")),
                attack(
                        "global pax path",
                        Kind.MALFORMED,
                        new RawTar().globalPax("path", "a").file("f", "x")),
                attack(
                        "two pax headers",
                        Kind.MALFORMED,
                        new RawTar().pax("a", "1").pax("b", "2").file("f", "x")),
                attack(
                        "pax sparse",
                        Kind.FORBIDDEN,
                        new RawTar().pax("GNU.sparse.major", "1").file("f", "x")),
                attack(
                        "pax charset",
                        Kind.FORBIDDEN,
                        new RawTar().pax("hdrcharset", "BINARY").file("f", "x")),
                attack(
                        "pax size negative",
                        Kind.MALFORMED,
                        new RawTar().pax("size", "-1").file("f", "x")),
                attack(
                        "pax size huge",
                        Kind.LIMIT,
                        new RawTar().pax("size", "999999999999999999").file("f", "x")),
                attack(
                        "pax size too large a number",
                        Kind.MALFORMED,
                        new RawTar().pax("size", "9".repeat(19)).file("f", "x")),
                attack(
                        "pax of a link with data",
                        Kind.MALFORMED,
                        new RawTar().pax("size", "5").symlink("l", "a")),
                attack(
                        "pax length wrong",
                        Kind.MALFORMED,
                        new RawTar().entry('x', "p", "", "99 a=b\n").file("f", "x")),
                attack(
                        "pax length zero",
                        Kind.MALFORMED,
                        new RawTar().entry('x', "p", "", "0 a=b\n").file("f", "x")),
                attack(
                        "pax length not a number",
                        Kind.MALFORMED,
                        new RawTar().entry('x', "p", "", "x a=b\n").file("f", "x")),
                attack(
                        "pax for nothing",
                        Kind.MALFORMED,
                        new RawTar().file("f", "x").pax("path", "a")),
                attack("pax without end", Kind.LIMIT, new RawTar().header('x', "p", "", 1L << 32)),
                attack(
                        "GNU name without end",
                        Kind.LIMIT,
                        new RawTar().header('L', "p", "", 1L << 32)),
                attack(
                        "GNU name out",
                        Kind.ESCAPE,
                        new RawTar().entry('L', "n", "", "../canary\0").file("f", "x")),
                attack(
                        "two GNU names",
                        Kind.MALFORMED,
                        new RawTar()
                                .entry('L', "n", "", "a\0")
                                .entry('L', "n", "", "b\0")
                                .file("f", "x")),
                attack(
                        "pax and GNU name",
                        Kind.MALFORMED,
                        new RawTar().entry('L', "n", "", "a\0").pax("path", "b").file("f", "x")),
                attack(
                        "many headers for one entry",
                        Kind.LIMIT,
                        many(4, t -> t.globalPax("comment", "x")).file("f", "x")),
                attack(
                        "data behind a directory",
                        Kind.MALFORMED,
                        new RawTar().entry('5', "d", "", "x")),
                attack(
                        "data behind a hard link",
                        Kind.MALFORMED,
                        new RawTar().file("f", "x").entry('1', "h", "f", "x")),
                attack(
                        "a name too long",
                        Kind.LIMIT,
                        new RawTar().pax("path", deep).file("f", "x")),
                attack(
                        "a part too long",
                        Kind.LIMIT,
                        new RawTar().pax("path", "n".repeat(256)).file("f", "x")),
                attack("too many entries", Kind.LIMIT, many(51, t -> t.directory("d"))),
                attack(
                        "too large a file",
                        Kind.LIMIT,
                        new RawTar().header('0', "f", "", (1 << 18) + 1)),
                attack("too much in all", Kind.LIMIT, many(5, new Numbered("x".repeat(1 << 18)))),
                attack(
                        "a size of 8 TiB with nothing behind",
                        Kind.LIMIT,
                        new RawTar().header('0', "f", "", 1L << 32)),
                attack(
                        "cut off in a file",
                        Kind.MALFORMED,
                        Arrays.copyOf(new RawTar().file("f", "x".repeat(2000)).bytes(), 1024)),
                attack("cut off in a header", Kind.MALFORMED, Arrays.copyOf(GOOD, 700)),
                attack("no end mark", Kind.MALFORMED, new RawTar().file("f", "x").cutOff()),
                attack("nothing at all", Kind.MALFORMED, new byte[0]),
                attack(
                        "a second archive behind the end",
                        Kind.MALFORMED,
                        new RawTar().raw(GOOD).raw(GOOD)),
                attack("a wrong checksum", Kind.MALFORMED, damaged(20)),
                attack("a size that is no number", Kind.MALFORMED, resealed(124, "99")),
                attack(
                        "a negative size in base 256",
                        Kind.MALFORMED,
                        resealed(124, "\u00ff".repeat(12))),
                attack("a name that is not UTF-8", Kind.MALFORMED, resealed(0, "\u00fe\u00ff")),
                attack("gzip cut off", Kind.MALFORMED, Arrays.copyOf(gzip(GOOD), 40)),
                attack("gzip with a wrong checksum", Kind.MALFORMED, flipped(gzip(GOOD), -6)),
                attack("zstd cut off", Kind.MALFORMED, Arrays.copyOf(Zstd.compress(GOOD), 40)),
                attack("zstd with a bad block", Kind.MALFORMED, flipped(Zstd.compress(GOOD), 5)),
                attack("xz cut off", Kind.MALFORMED, Arrays.copyOf(xz(GOOD), 40)),
                attack("an xz header alone", Kind.MALFORMED, Arrays.copyOf(xz(GOOD), 8)),
                attack("xz with a bad block", Kind.MALFORMED, flipped(xz(GOOD), -40)),
                attack("xz that wants 1 GiB", Kind.LIMIT, withAnEnormousDictionary(xz(GOOD))),
                attack("bzip2", Kind.FORBIDDEN, "BZh91AY&SY".getBytes(StandardCharsets.US_ASCII)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attacks")
    void anAttackIsRefusedAndLeavesNothing(String name, Kind kind, byte[] archive)
            throws IOException {
        assertThatThrownBy(() -> Extractor.extract(new ByteArrayInputStream(archive), root, SMALL))
                .as(name)
                .isInstanceOfSatisfying(
                        ArchiveException.class,
                        e -> assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind))
                .message()
                .matches(m -> m.chars().noneMatch(Character::isISOControl), "is safe to print")
                .hasSizeLessThan(500);
        try (var left = Files.list(root)) {
            assertThat(left).as("what is left in the root").isEmpty();
        }
        assertThat(snapshot()).as("what is outside").isEqualTo(outside);
    }

    @Test
    void theSameHarnessLetsAGoodArchiveThrough() throws IOException {
        var totals = Extractor.extract(new ByteArrayInputStream(GOOD), root, SMALL);
        assertThat(totals).isEqualTo(new TarReader.Totals(2, 1));
        assertThat(root.resolve("a/b")).hasContent("x");
        assertThat(snapshot()).isEqualTo(outside);
    }

    @ParameterizedTest
    @MethodSource("packed")
    void packedOrNotAnArchiveIsTheSame(byte[] archive) throws IOException {
        Extractor.extract(new ByteArrayInputStream(archive), root, SMALL);
        assertThat(root.resolve("a/b")).hasContent("x");
    }

    static List<byte[]> packed() {
        return List.of(GOOD, gzip(GOOD), Zstd.compress(GOOD), xz(GOOD));
    }

    @Test
    void aBombIsStoppedByItsRatio() throws IOException {
        // 80 MiB of zeros in a few hundred KiB (gzip) or a few KiB (zstd).
        var tar = new ByteArrayOutputStream();
        try (var writer = new TarWriter(tar, TreeTar.EPOCH)) {
            writer.file("zeros", 0644, new byte[80 << 20]);
        }
        var wide = new Limits(50, 1L << 40, 1L << 40, 500);
        byte[] plain = tar.toByteArray();
        for (byte[] bomb : List.of(gzip(plain), Zstd.compress(plain), xz(plain))) {
            assertThatThrownBy(() -> Extractor.extract(new ByteArrayInputStream(bomb), root, wide))
                    .hasMessageContaining("decompression bomb");
        }
    }

    @Test
    void nothingIsUnpackedOverSomethingElse() throws IOException {
        Files.createDirectories(root);
        Files.writeString(root.resolve("mine"), "x");
        assertThatThrownBy(() -> Extractor.extract(new ByteArrayInputStream(GOOD), root, SMALL))
                .hasMessageContaining("is not empty");
        assertThat(root.resolve("mine")).hasContent("x");
    }

    @Test
    void setUserIdAndWriteRightsOfOthersAreDropped() throws IOException {
        Extractor.extract(new ByteArrayInputStream(GOOD), root, SMALL);
        assertThat(Files.getAttribute(root.resolve("a/b"), "unix:mode")).isEqualTo(0100755);
    }

    private static byte[] xz(byte[] plain) {
        var out = new ByteArrayOutputStream();
        try (var xz = new XZOutputStream(out, new LZMA2Options(LZMA2Options.PRESET_MIN))) {
            xz.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /// The block's header names the dictionary's size, and a CRC stands behind it.
    private static byte[] withAnEnormousDictionary(byte[] xz) {
        int block = 12;
        int crcAt = block + (xz[block] & 0xff) * 4;
        xz[block + 4] = 36;
        var crc = new CRC32();
        crc.update(xz, block, crcAt - block);
        ByteBuffer.wrap(xz).order(ByteOrder.LITTLE_ENDIAN).putInt(crcAt, (int) crc.getValue());
        return xz;
    }

    /// Every prefix of a good archive is refused or complete, never half accepted, and never more
    /// than an ArchiveException.
    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] archive =
                new RawTar()
                        .pax("path", "ü/long")
                        .file("f", "content")
                        .entry('L', "n", "", "gnu\0")
                        .file("f", "x")
                        .symlink("l", "gnu")
                        .bytes();
        for (int length = 0; length < archive.length - 1023; length++) {
            byte[] cut = Arrays.copyOf(archive, length);
            assertThatThrownBy(() ->
                            TarReader.read(new ByteArrayInputStream(cut), SMALL, (_, _, _) -> {}))
                    .isInstanceOf(ArchiveException.class);
        }
    }

    /// Flips every bit of the first headers: only ArchiveExceptions come out, and never an escape.
    @Test
    void everyFlippedBitIsRefusedOrHarmless() throws IOException {
        byte[] archive = new RawTar().pax("path", "a/b").file("f", "x").bytes();
        int refused = 0;
        for (int bit = 0; bit < 8 * 1600; bit++) {
            byte[] flipped = archive.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            try {
                TarReader.read(
                        new ByteArrayInputStream(flipped),
                        SMALL,
                        (e, _, _) -> Names.check(e.name()));
            } catch (ArchiveException _) {
                refused++;
            }
        }
        // The two headers, and the record's length and key; a flip in the value gives another name.
        assertThat(refused).isGreaterThan(8 * 1024);
        assertThat(snapshot()).isEqualTo(outside);
    }

    private interface More {
        RawTar to(RawTar tar);
    }

    private static final class Numbered implements More {
        private final String content;
        private int number;

        Numbered(String content) {
            this.content = content;
        }

        @Override
        public RawTar to(RawTar tar) {
            return tar.file("f" + number++, content);
        }
    }

    private static RawTar many(int times, More more) {
        var tar = new RawTar();
        for (int i = 0; i < times; i++) {
            more.to(tar);
        }
        return tar;
    }

    private static Arguments attack(String name, Kind kind, RawTar tar) {
        return attack(name, kind, tar.bytes());
    }

    private static Arguments attack(String name, Kind kind, byte[] archive) {
        return Arguments.of(name, kind, archive);
    }

    private static byte[] damaged(int at) {
        return flipped(GOOD, at);
    }

    private static byte[] flipped(byte[] bytes, int at) {
        byte[] copy = bytes.clone();
        copy[Math.floorMod(at, copy.length)] ^= 1;
        return copy;
    }

    /// The good archive with other bytes in its first header, and a right checksum.
    private static byte[] resealed(int at, String bytes) {
        byte[] copy = GOOD.clone();
        byte[] latin = bytes.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(latin, 0, copy, at, latin.length);
        byte[] header = RawTar.sealed(Arrays.copyOf(copy, 512));
        System.arraycopy(header, 0, copy, 0, 512);
        return copy;
    }

    private static byte[] gzip(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    /// All that is outside the root, with its content.
    private Map<String, String> snapshot() throws IOException {
        var all = new HashMap<String, String>();
        try (var paths = Files.walk(dir)) {
            for (Path path : paths.filter(p -> !p.startsWith(root)).toList()) {
                all.put(
                        path.toString(),
                        Files.isRegularFile(path) ? Files.readString(path) : "directory");
            }
        }
        return all;
    }
}
