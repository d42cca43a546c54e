package rookery.elf.ar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.elf.Inspection;
import rookery.elf.Report;
import rookery.elf.Tools;
import rookery.elf.ar.ArFile.IndexKind;
import rookery.elf.bytes.Budget;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.Source;
import rookery.elf.bytes.UnreadableException;

/// Archives as GNU's tool makes them, and as the others do, by hand.
class ArFileTest {
    private static final String LONG = "a-name-that-is-longer-than-sixteen-bytes.o";

    @TempDir Path dir;

    private static ArFile read(byte[] bytes) {
        return ArFile.parse(
                new Input(Source.of(MemorySegment.ofArray(bytes)), new Budget(Budget.VERDICT)));
    }

    private static byte[] archive(Object... namesAndContents) {
        var out = new ByteArrayOutputStream();
        out.writeBytes("!<arch>\n".getBytes(StandardCharsets.ISO_8859_1));
        for (int i = 0; i < namesAndContents.length; i += 2) {
            byte[] content = (byte[]) namesAndContents[i + 1];
            out.writeBytes(
                    "%-16s%-12d%-6d%-6d%-8s%-10d`\n"
                            .formatted(namesAndContents[i], 0, 0, 0, "644", content.length)
                            .getBytes(StandardCharsets.ISO_8859_1));
            out.writeBytes(content);
            if (content.length % 2 == 1) {
                out.write('\n');
            }
        }
        return out.toByteArray();
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static List<String> names(ArFile file) {
        return file.members().stream().map(ArFile.Member::name).toList();
    }

    @Test
    void anArchiveOfAixIsNamedAndNotParsed() {
        byte[] bytes = ("<bigaf>\n" + "0".repeat(120)).getBytes(StandardCharsets.US_ASCII);
        Report report = Inspection.of(MemorySegment.ofArray(bytes));
        assertThat(report.linkage().word()).isEqualTo("archive");
        assertThat(report.describe()).isEqualTo("archive of AIX, not looked into");
    }

    @Test
    void gnusArchiveWithLongNamesAndAnIndexIsRead() throws IOException {
        Tools tools = new Tools(dir);
        tools.write("f.c", "int f(void) { return 1; }\nint g(void) { return 2; }\n");
        tools.compile("short.o", "gcc", "-c", "f.c");
        tools.compile(LONG, "gcc", "-c", "f.c");
        tools.run(Map.of(), List.of("ar", "rcs", "lib.a", "short.o", LONG));
        tools.run(Map.of(), List.of("ar", "rcsT", "thin.a", "short.o", LONG));
        ArFile file = read(Files.readAllBytes(dir.resolve("lib.a")));
        assertThat(names(file)).containsExactly("short.o", LONG);
        assertThat(file.index()).contains(new ArFile.Index(IndexKind.GNU_32, 4));
        assertThat(file.damage()).isEmpty();
        ArFile thin = read(Files.readAllBytes(dir.resolve("thin.a")));
        assertThat(thin.thin()).isTrue();
        assertThat(names(thin)).containsExactly("short.o", LONG);
        List<String> kinds = new ArrayList<>();
        Inspection.members(
                Source.of(MemorySegment.ofArray(Files.readAllBytes(dir.resolve("lib.a")))),
                Inspection.Depth.VERDICT,
                (member, _, report) -> kinds.add(member.name() + " " + report.describe()));
        assertThat(kinds)
                .containsExactly(
                        "short.o object file linux/amd64", LONG + " object file linux/amd64");
        Report whole =
                Inspection.of(MemorySegment.ofArray(Files.readAllBytes(dir.resolve("lib.a"))));
        assertThat(whole.describe()).isEqualTo("archive of 2 members");
    }

    @Test
    void the64BitIndexIsRead() {
        byte[] index = new byte[24];
        index[7] = 2;
        ArFile file = read(archive("/SYM64/", index, "a.o/", text("x")));
        assertThat(file.index()).contains(new ArFile.Index(IndexKind.GNU_64, 2));
        assertThat(names(file)).containsExactly("a.o");
    }

    @Test
    void bsdsLongNamesAndIndexAreRead() {
        byte[] index = new byte[20];
        index[0] = 8;
        ArFile file =
                read(archive("__.SYMDEF", index, "#1/20", text("a-long-name-of-bsd\0\0DATA!")));
        assertThat(file.index()).contains(new ArFile.Index(IndexKind.BSD_32, 1));
        assertThat(names(file)).containsExactly("a-long-name-of-bsd");
        assertThat(file.members().getFirst().sizeBytes()).isEqualTo(5);
    }

    @Test
    void aCutArchiveKeepsTheMembersBefore() {
        byte[] whole = archive("a.o/", text("aa"), "b.o/", text("bbbb"));
        ArFile file = read(java.util.Arrays.copyOf(whole, whole.length - 2));
        assertThat(names(file)).containsExactly("a.o");
        assertThat(file.damage().orElseThrow().reason()).contains("does not fit");
    }

    @Test
    void aLongNameWithoutItsTableIsDamage() {
        ArFile file = read(archive("/12", text("aa")));
        assertThat(file.members()).isEmpty();
        assertThat(file.damage().orElseThrow().reason()).contains("table that is not there");
    }

    @Test
    void anIndexThatClaimsMoreThanItHoldsIsDamage() {
        byte[] index = {0x7f, -1, -1, -1, 0, 0, 0, 0};
        assertThat(read(archive("/", index)).damage()).isPresent();
    }

    @Test
    void whatIsNoArchiveIsRefused() {
        assertThatThrownBy(() -> read(text("!<arxx>\nabc")))
                .isInstanceOf(UnreadableException.class);
    }
}
