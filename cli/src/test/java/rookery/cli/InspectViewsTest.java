package rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.cli.CommandLine.Ran;
import rookery.cli.inspect.InspectSchema;
import rookery.elf.FindingId;
import rookery.elf.Linkage;
import rookery.oci.Descriptor;
import rookery.oci.Index;
import rookery.oci.Manifest;
import rookery.oci.MediaType;
import rookery.oci.Platform;
import rookery.oci.archive.TarWriter;
import rookery.oci.json.OciJson;
import rookery.oci.layout.ImageLayout;

/// `rookery inspect` beyond one file: trees, containers, views, rules, JSON.
class InspectViewsTest {
    @TempDir Path directory;
    private CommandLine line =
            new CommandLine(
                    Path.of("."),
                    () -> {
                        throw new AssertionError();
                    });

    @BeforeEach
    void files() throws IOException {
        line =
                new CommandLine(
                        directory,
                        () -> {
                            throw new AssertionError();
                        });
        Files.createDirectories(directory.resolve("tree/sub"));
        program("tree/good", elf(1));
        program("tree/sub/bad", elf(3));
        Files.writeString(directory.resolve("tree/notes.txt"), "hello");
    }

    private void program(String name, byte[] bytes) throws IOException {
        Path file = Files.write(directory.resolve(name), bytes);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// The smallest ELF program: a header and two program headers, the second PT_LOAD or PT_INTERP.
    private static byte[] elf(int second) {
        ByteBuffer b = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
        b.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1});
        b.putShort(16, (short) 2).putShort(18, (short) 62).putInt(20, 1);
        b.putLong(24, 0x400000).putLong(32, 64);
        b.putShort(52, (short) 64).putShort(54, (short) 56).putShort(56, (short) 2);
        program(b, 64, 1, 0, 0x400000, 200, 5);
        if (second == 3) {
            b.put(190, "/lib/ld\0".getBytes(StandardCharsets.US_ASCII));
            program(b, 120, 3, 190, 0x4000be, 8, 4);
        } else {
            program(b, 120, 0x6474e551, 0, 0, 0, 6);
        }
        return b.array();
    }

    private static void program(
            ByteBuffer b, int at, int type, long offset, long address, long size, int flags) {
        b.putInt(at, type).putInt(at + 4, flags).putLong(at + 8, offset);
        b.putLong(at + 16, address).putLong(at + 24, address);
        b.putLong(at + 32, size).putLong(at + 40, size).putLong(at + 48, 0x1000);
    }

    private static byte[] tar(String name, byte[] content) throws IOException {
        return tar(name, 0755, content);
    }

    private static byte[] tar(String name, int mode, byte[] content) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var tar = new TarWriter(out, Instant.EPOCH)) {
            tar.file(name, mode, content.length, new java.io.ByteArrayInputStream(content));
        }
        return out.toByteArray();
    }

    private static byte[] gzip(byte[] content) throws IOException {
        var out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    @Test
    void aTreeIsWalkedAndTextsInItArePassedOver() {
        Ran ran = line.run("inspect", "tree");
        assertThat(ran.code()).isEqualTo(11);
        assertThat(ran.out())
                .contains("✓ tree/good  pass")
                .contains("✗ tree/sub/bad  fail")
                .doesNotContain("notes");
    }

    @Test
    void aProgramThatNobodyMayExecuteIsToldWithTheCure() throws IOException {
        Path file = directory.resolve("tree/good");
        assertThat(line.run("inspect", "tree/good").out()).contains("pass");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Ran ran = line.run("inspect", "tree/good");
        assertThat(ran.code()).isZero();
        assertThat(ran.out())
                .contains("warn not-executable: nobody may execute it (mode 0644); chmod +x");
        line.write("ours.rules", "base static\ndeny not-executable because we copy as it is\n");
        assertThat(line.run("inspect", "--policy", "ours.rules", "tree/good").code()).isEqualTo(11);
        assertThat(line.run("inspect", "--output=json", "tree/good").out())
                .contains("\"mode\": \"0644\"");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r-x"));
        assertThat(line.run("inspect", "tree/good").out()).doesNotContain("not-executable");
    }

    /// Opening a pipe waits until somebody writes into it.
    @Test
    void aPipeOrADeviceIsRefusedAtOnce() throws Exception {
        var mkfifo = new ProcessBuilder("mkfifo", directory.resolve("tree/pipe").toString());
        assertThat(mkfifo.start().waitFor()).isZero();
        for (String path : List.of("tree/pipe", "/dev/null")) {
            for (String[] words : new String[][] {{"inspect"}, {"inspect", "--ldd"}}) {
                String[] all = java.util.Arrays.copyOf(words, words.length + 1);
                all[words.length] = path;
                Ran ran = line.run(all);
                assertThat(ran.code()).isEqualTo(2);
                assertThat(ran.err()).contains("a pipe, a socket or a device");
            }
        }
        assertThat(line.run("inspect", "tree").out()).doesNotContain("pipe");
    }

    @Test
    void aLayersHeaderSaysWhetherItsProgramsMayBeExecuted() throws IOException {
        Files.write(directory.resolve("tree/layer.tar"), tar("bin/app", 0640, elf(1)));
        assertThat(line.run("inspect", "tree/layer.tar").out())
                .contains("tree/layer.tar!bin/app  warn", "(mode 0640)", "COPY --chmod=755");
        Files.write(directory.resolve("tree/layer.tar"), tar("bin/app", 0711, elf(1)));
        assertThat(line.run("inspect", "tree/layer.tar").out()).contains("bin/app  pass");
    }

    @Test
    void aPackedSectionShowsItsLetterItsFormAndItsSize() throws IOException {
        var tools = new ProcessBuilder("gcc", "-g", "-gz=zlib", "-o", "packed", "hello.c");
        line.write("hello.c", "#include <stdio.h>\nint main(void) { return puts(\"hi\"); }\n");
        Process gcc = tools.directory(directory.toFile()).inheritIO().start();
        assertThat(gcc.onExit().join().exitValue()).isZero();
        assertThat(line.run("inspect", "-S", "packed").out())
                .containsPattern(
                        "\\.debug_info +type 0x1  flags 0x800 C .* packed zlib, in full 0x[0-9a-f]+")
                .containsPattern("\\.text +type 0x1  flags 0x6 AX ");
        assertThat(line.run("inspect", "--details", "packed").out())
                .containsPattern("packed \\.debug_info: zlib, \\d+ bytes packed, \\d+ in full");
        assertThat(line.run("inspect", "--details", "--output=json", "packed").out())
                .contains("\"compressed_sections\"", "\"state\": \"read\"");
    }

    @Test
    void aPackedTarInATarIsLookedInto() throws IOException {
        byte[] layer = gzip(tar("usr/bin/app", elf(3)));
        Files.write(directory.resolve("image.tar"), tar("blobs/layer", layer));
        Ran ran = line.run("inspect", "image.tar");
        assertThat(ran.code()).isEqualTo(11);
        assertThat(ran.out()).contains("image.tar!blobs/layer!usr/bin/app  fail");
    }

    @Test
    void aPackedFileBelowADirectoryIsLookedIntoOnlyOnRequestAndSaid() throws IOException {
        Files.write(directory.resolve("tree/layer.tgz"), gzip(tar("usr/bin/app", elf(3))));
        Ran quick = line.run("inspect", "tree");
        assertThat(quick.out()).doesNotContain("layer.tgz");
        assertThat(quick.err()).contains("not looked into: 1 tar or packed file;");
        Ran deep = line.run("inspect", "--deep", "tree");
        assertThat(deep.out()).contains("✗ tree/layer.tgz!usr/bin/app  fail");
        assertThat(deep.err()).isEmpty();
        assertThat(line.run("inspect", "tree/layer.tgz").out()).contains("!usr/bin/app  fail");
    }

    @Test
    void theLayersOfAnImageLayoutAreLookedInto() throws IOException {
        Files.createDirectories(directory.resolve("tree/oci/blobs/sha256"));
        Files.writeString(directory.resolve("tree/oci/oci-layout"), "{}");
        Files.write(directory.resolve("tree/oci/blobs/sha256/00"), gzip(tar("bin/app", elf(1))));
        Ran ran = line.run("inspect", "tree");
        assertThat(ran.out()).contains("✓ tree/oci/blobs/sha256/00!bin/app  pass");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void aLayerCarriesTheNameOfItsImageAndItsPlatform() throws Exception {
        Path layout = directory.resolve("images");
        ImageLayout blobs = ImageLayout.create(directory.resolve("store"));
        var layer = Descriptor.of(MediaType.LAYER_GZIP, blobs.put(gzip(tar("bin/app", elf(1)))));
        var config =
                Descriptor.of(
                        MediaType.CONFIG, blobs.put("{}".getBytes(StandardCharsets.US_ASCII)));
        byte[] manifest = OciJson.write(Manifest.of(config, List.of(layer)));
        byte[] index =
                OciJson.write(
                        Index.of(
                                List.of(
                                        Descriptor.of(MediaType.MANIFEST, blobs.put(manifest))
                                                .on(Platform.of("linux", "amd64")))));
        blobs.export(blobs.put(index).digest(), List.of("app-1.2"), layout);
        assertThat(line.run("inspect", "images").out())
                .contains(
                        "✓ images/blobs/sha256/"
                                + layer.digest().hex()
                                + "[app-1.2 linux/amd64]!bin/app  pass");
        Files.writeString(layout.resolve("index.json"), "{");
        assertThat(line.run("inspect", "images").out())
                .contains("✓ images/blobs/sha256/" + layer.digest().hex() + "!bin/app  pass");
    }

    @Test
    void oneLineAFileIsTheSameWithAndWithoutTheShortWay() {
        Ran quick = line.run("inspect", "--one-line", "tree", "tree/notes.txt");
        assertThat(quick.code()).isZero();
        assertThat(quick.out())
                .isEqualTo(
                        """
                        tree/good: static linux/amd64
                        tree/sub/bad: needs the loader /lib/ld but no library, linux/amd64
                        tree/notes.txt: not an object file
                        """);
        assertThat(line.run("inspect", "--one-line", "--policy=static", "tree", "tree/notes.txt"))
                .isEqualTo(quick);
        assertThat(line.run("inspect", "--one-line", "missing").code()).isEqualTo(2);
    }

    @Test
    void aTreeIsToldInItsOrderHoweverManyLookAtIt() throws IOException {
        StringBuilder expected = new StringBuilder();
        Files.createDirectories(directory.resolve("many"));
        for (int i = 0; i < 300; i++) {
            String name = "many/%03d".formatted(i);
            Files.write(directory.resolve(name), elf(i % 2 == 0 ? 1 : 3));
            expected.append(name);
            expected.append(
                    i % 2 == 0
                            ? ": static linux/amd64\n"
                            : ": needs the loader /lib/ld but no library, linux/amd64\n");
        }
        assertThat(line.run("inspect", "--one-line", "many").out()).isEqualTo(expected.toString());
    }

    @Test
    void theMembersOfAnArchiveAreNamed() throws IOException {
        byte[] member = elf(1);
        var archive = new ByteArrayOutputStream();
        archive.writeBytes("!<arch>\n".getBytes(StandardCharsets.US_ASCII));
        archive.writeBytes(
                "%-16s%-12d%-6d%-6d%-8s%-10d`\n"
                        .formatted("app/", 0, 0, 0, "755", member.length)
                        .getBytes(StandardCharsets.US_ASCII));
        archive.writeBytes(member);
        Files.write(directory.resolve("tree/lib.a"), archive.toByteArray());
        Ran ran = line.run("inspect", "--one-line", "tree/lib.a");
        assertThat(ran.code()).isZero();
        assertThat(ran.out())
                .contains("tree/lib.a: archive of 1 member")
                .contains("tree/lib.a(app): static linux/amd64");
        assertThat(line.run("inspect", "--one-line", "tree").out())
                .contains("tree/lib.a: archive of 1 member")
                .doesNotContain("(app)");
        assertThat(line.run("inspect", "--one-line", "--deep", "tree").out())
                .contains("tree/lib.a(app)");
    }

    @Test
    void readelfsLettersShowItsFacts() {
        Ran ran = line.run("inspect", "-h", "-l", "-S", "-s", "-d", "-n", "-V", "tree/sub/bad");
        assertThat(ran.code()).isZero();
        assertThat(ran.out())
                .contains("machine          62")
                .contains("INTERP         offset 0x0000be")
                .contains("interpreter /lib/ld")
                .contains(
                        "Section headers", "Symbols", "there is none", "Notes", "Versions wanted");
    }

    @Test
    void theUsualLettersForHelpAndVersionStillHaveTheirLongForms() {
        assertThat(line.run("inspect", "--help").out()).contains("--policy", "--cross-check");
        assertThat(line.run("inspect", "--version").out()).startsWith("rookery ");
    }

    @Test
    void aRulesFileIsAPolicy() throws IOException {
        line.write("ours.rules", "base static\nrequire libc musl because we ship nothing else\n");
        Ran ran = line.run("inspect", "--policy", "ours.rules", "tree/good");
        assertThat(ran.code()).isEqualTo(11);
        assertThat(ran.out()).contains("not-as-required", "we ship nothing else");
        line.write("bad.rules", "deny it\n");
        assertThat(line.run("inspect", "--policy", "bad.rules", "tree/good").err())
                .contains("line 1: a rule ends with 'because'");
        assertThat(line.run("inspect", "--policy", "best", "tree/good").err())
                .contains("'best' is neither static, scratch, hardened nor a file of rules");
    }

    @Test
    void theLibrariesOfAProgramAreLookedForInARootOfItsOwn() throws IOException {
        Ran ran = line.run("inspect", "--ldd", "--root", "tree", "tree/sub/bad");
        assertThat(ran.out()).contains("/lib/ld => not found");
        assertThat(ran.code()).isEqualTo(11);
        Files.createDirectories(directory.resolve("tree/lib"));
        Files.write(directory.resolve("tree/lib/ld"), elf(1));
        assertThat(line.run("inspect", "--ldd", "--root", "tree", "tree/sub/bad").code()).isZero();
    }

    @Test
    void anOldKernelMayBeAskedFor() {
        assertThat(line.run("inspect", "--kernel", "old", "tree/good").code()).isEqualTo(2);
        assertThat(line.run("inspect", "--kernel", "3.2", "tree/good").code()).isZero();
    }

    @Test
    void theFactsOfOurEngineArePrinted() {
        assertThat(line.run("inspect", "--facts", "tree/good").out())
                .contains("  header class=64 order=little type=2 machine=62");
    }

    @Test
    void jsonIsWhatTheSchemaSays() {
        String schemaText = Pretty.print(InspectSchema.json());
        var schema =
                com.networknt.schema.SchemaRegistry.withDefaultDialect(
                                com.networknt.schema.SpecificationVersion.DRAFT_2020_12)
                        .getSchema(schemaText, InputFormat.JSON);
        for (String[] arguments :
                new String[][] {
                    {"inspect", "--output=json", "tree"},
                    {"inspect", "--output=json", "--details", "--policy=hardened", "tree"},
                    {"inspect", "--output=json", "tree/notes.txt"}
                }) {
            Ran ran = line.run(arguments);
            assertThat(schema.validate(ran.out(), InputFormat.JSON)).isEmpty();
            assertThat(ran.out()).contains("\"verdict\"");
        }
    }

    @Test
    void theSchemaInTheDocumentationIsTheRealOne() throws IOException {
        assertThat(Files.readString(Path.of("../docs/inspect.schema.json")))
                .isEqualTo(Pretty.print(InspectSchema.json()));
    }

    @Test
    void theDocumentationNamesEveryWordOfTheContract() throws IOException {
        String doc = Files.readString(Path.of("../docs/inspect.md"));
        for (String id : FindingId.ALL) {
            assertThat(doc).contains("`" + id + "`");
        }
        for (String word : Linkage.WORDS) {
            assertThat(doc).contains("`" + word + "`");
        }
        var members =
                java.util.regex.Pattern.compile(
                                "\"(?!items)([a-z0-9_]+)\": \\{\n\\s*\"(type|enum)\"")
                        .matcher(Pretty.print(InspectSchema.json()));
        int count = 0;
        while (members.find()) {
            assertThat(doc).contains("`" + members.group(1) + "`");
            count++;
        }
        assertThat(count).isGreaterThan(30);
    }
}
