package rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.cli.CommandLine.Ran;
import rookery.cli.spec.Cases;
import rookery.cli.spec.Schema;
import rookery.model.Failure;

class CommandsTest {
    @TempDir private Path directory;
    private CommandLine line;

    @BeforeEach
    void noFarm() {
        line =
                new CommandLine(
                        directory,
                        () -> {
                            throw new AssertionError("no farm is needed");
                        });
    }

    @Test
    void aVerbThatDoesNotExistIsAnsweredWithTheOneThatWasMeant() {
        Ran ran = line.run("biuld");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("Did you mean: rookery build");
    }

    @Test
    void anOptionThatDoesNotExistIsAnsweredWithTheOneThatWasMeant() {
        Ran ran = line.run("build", "--platfrom", "linux/amd64");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("--platform");
    }

    @Test
    void noVerbAtAllIsAMistake() {
        assertThat(line.run().code()).isEqualTo(2);
        assertThat(line.run().err()).contains("name a command").contains("rookery --help");
    }

    @Test
    void everyCommandHasHelpWithAnExampleAndNoColour() {
        for (String verb :
                new String[] {"build", "check", "inspect", "demo", "schema", "gc", "version"}) {
            Ran ran = line.run(verb, "--help");
            assertThat(ran.code()).as(verb).isZero();
            assertThat(ran.out()).contains("Examples:").contains("  rookery " + verb);
            assertThat(ran.out()).doesNotContain("\u001b");
        }
        assertThat(line.run("--help").out()).contains("Exit codes:").doesNotContain("warm-up");
    }

    @Test
    void aWordThatBeginsWithAnAtSignIsAWord() throws IOException {
        line.write("args", "--push\n");
        assertThat(line.run("check", "-f", "@args").err()).contains("there is no @args here");
    }

    @Test
    void checkTellsEveryProblemOnStdout() throws IOException {
        line.project(
                """
                version: 1
                project: app
                builds: [{main: ./no}]
                platforms: [linux/amd64]
                source: .
                portage: {config: missing, repos: [{name: l, path: main.go}]}
                """);
        Ran ran = line.run("check");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out())
                .contains("rookery.yaml:3:17: there is no Go package ./no in the source; looked")
                .contains("rookery.yaml:6:19: there is no directory 'missing'; looked for")
                .contains("rookery.yaml:6:52: 'main.go' is not a directory; name a directory");
        assertThat(line.run("check", "--output", "json").out()).contains("\"line\": 3");
    }

    @Test
    void checkIsContentWithTheCanonicalFileAndItsProject() throws IOException {
        line.project(Cases.canonical().replace("[ca-certificates]", "[]"));
        line.write("overlay/profiles/repo_name", "local\n");
        Ran ran = line.run("check");
        assertThat(ran.out()).isEmpty();
        assertThat(ran.code()).isZero();
        assertThat(ran.err()).contains("rookery.yaml is in order");
    }

    @Test
    void checkSeesThatARepositoryHasAnotherNameOrIsNone() throws IOException {
        line.project(Cases.canonical().replace("[ca-certificates]", "[]"));
        line.write("overlay/profiles/repo_name", "other\n");
        assertThat(line.run("check").out())
                .contains("the repository 'overlay' calls itself 'other' in profiles/repo_name");
        Files.delete(directory.resolve("overlay/profiles/repo_name"));
        assertThat(line.run("check").out()).contains("'overlay' is no ebuild repository");
    }

    @Test
    void checkFollowsNoLinkOutOfTheProject() throws IOException {
        line.project(
                """
                version: 1
                project: app
                builds: [{}]
                platforms: [linux/amd64]
                portage: {config: etc}
                """);
        Files.createSymbolicLink(directory.resolve("etc"), Path.of("/etc"));
        assertThat(line.run("check").out())
                .contains("rookery.yaml:5:19: 'etc' leads out of the project, to /etc; put");
    }

    @Test
    void schemaPrintsTheSchema() {
        assertThat(line.run("schema").out()).isEqualTo(Pretty.print(Schema.json()));
    }

    @Test
    void versionPrintsAVersion() {
        assertThat(line.run("version").out()).startsWith("rookery ");
        assertThat(line.run("--version").out()).startsWith("rookery ");
    }

    @Test
    void warmUpSaysNothing() {
        for (String[] words : new String[][] {{"warm-up"}, {"warm-up", "inspect"}}) {
            Ran ran = line.run(words);
            assertThat(ran.code()).isZero();
            assertThat(ran.out() + ran.err()).isEmpty();
        }
    }

    @Test
    void inspectPassesAStaticProgramAndRefusesADynamicOne() throws IOException {
        Path program = Files.write(directory.resolve("static"), elf(0));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.write(directory.resolve("dynamic"), elf(3));
        Ran good = line.run("inspect", "static");
        assertThat(good.out()).startsWith("✓ static  pass  120 B  static linux/amd64");
        assertThat(good.code()).isZero();
        Ran bad = line.run("inspect", "static", "dynamic");
        assertThat(bad.code()).isEqualTo(11);
        assertThat(bad.out()).contains("✗ dynamic  ").contains("    fail ");
    }

    @Test
    void inspectRefusesAProgramForAnotherPlatformThanExpected() throws IOException {
        Files.write(directory.resolve("static"), elf(0));
        assertThat(line.run("inspect", "--platform=linux/arm64", "static").code()).isEqualTo(11);
        assertThat(line.run("inspect", "--platform=vax", "static").code()).isEqualTo(2);
    }

    @Test
    void inspectAnswersInJson() throws IOException {
        Files.write(directory.resolve("static"), elf(0));
        Files.writeString(directory.resolve("text"), "hello");
        Ran ran = line.run("inspect", "--output=json", "static", "text");
        assertThat(ran.code()).isEqualTo(11);
        assertThat(ran.out()).contains("\"linkage\": \"static\"").contains("\"verdict\": \"n/a\"");
    }

    @Test
    void inspectOfNothingThatCanBeReadIsAMistakeOfTheCommandLine() {
        assertThat(line.run("inspect", "missing").code()).isEqualTo(2);
        assertThat(line.run("inspect", ".").err()).contains("it is a directory");
        assertThat(line.run("inspect").code()).isEqualTo(2);
    }

    @Test
    void theDocumentedExitCodesAreTheRealOnes() throws IOException {
        String doc = Files.readString(Path.of("../docs/exit-codes.md"));
        for (Failure.Kind kind : Failure.Kind.values()) {
            assertThat(doc).contains("| " + kind.exitCode() + " |").contains(kind.name());
        }
    }

    @Test
    void theDocumentationNamesEveryKeyOfTheSpec() throws IOException {
        String doc = Files.readString(Path.of("../docs/spec.md"));
        var keys = java.util.regex.Pattern.compile("\"([a-z_]+)\": \\{\n\\s*\"description\"");
        var found = keys.matcher(Pretty.print(Schema.json()));
        int count = 0;
        while (found.find()) {
            assertThat(doc).contains("`" + found.group(1) + "`");
            count++;
        }
        assertThat(count).isGreaterThan(30);
    }

    /// The smallest ELF program: a header and one program header, PT_LOAD or PT_INTERP.
    private static byte[] elf(int extra) {
        String loader = "/lib/ld.so\0";
        int headers = extra == 0 ? 1 : 2;
        ByteBuffer out =
                ByteBuffer.allocate(64 + 56 * headers + (extra == 0 ? 0 : loader.length()))
                        .order(ByteOrder.LITTLE_ENDIAN);
        out.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0});
        out.putShort((short) 2).putShort((short) 62).putInt(1).putLong(0x400040).putLong(64);
        out.putLong(0).putInt(0).putShort((short) 64).putShort((short) 56);
        out.putShort((short) headers).putShort((short) 0).putShort((short) 0).putShort((short) 0);
        header(out, 1, 0, out.capacity());
        if (extra != 0) {
            header(out, extra, 64 + 112, loader.length());
            out.put(loader.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        return out.array();
    }

    private static void header(ByteBuffer out, int type, long offset, long size) {
        out.putInt(type).putInt(5).putLong(offset).putLong(0x400000 + offset);
        out.putLong(0x400000 + offset).putLong(size).putLong(size).putLong(0x1000);
    }
}
