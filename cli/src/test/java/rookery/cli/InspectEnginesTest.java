package rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.cli.CommandLine.Ran;

/// `rookery inspect` with libelf beside our own parser, and without the library that reaches it.
class InspectEnginesTest {
    private static final String PROGRAM = "/usr/bin/env";

    @TempDir Path directory;

    private Ran run(String... arguments) {
        var line =
                new CommandLine(
                        directory,
                        () -> {
                            throw new AssertionError();
                        });
        return line.run(arguments);
    }

    @Test
    void bothEnginesAgreeOnAProgramOfThisMachine() {
        Ran ran = run("inspect", "--cross-check", PROGRAM);
        assertThat(ran.err()).contains("1 ELF files compared, 0 differ");
        assertThat(ran.code()).isZero();
    }

    @Test
    void theFactsOfOneEngineAreThoseOfTheOther() {
        Ran ours = run("inspect", "--facts", PROGRAM);
        Ran libelfs = run("inspect", "--engine", "libelf", PROGRAM);
        assertThat(ours.code()).isZero();
        assertThat(ours.out()).startsWith(PROGRAM).contains("libc.so.6");
        assertThat(libelfs.out()).isEqualTo(ours.out());
    }

    @Test
    void detailsSayWhatIsInsideAndWhatProtectsIt() {
        Ran ran = run("inspect", "--details", PROGRAM);
        assertThat(ran.out())
                .contains("hardening: pie", "libc: needs libc.so.6", "needs Linux 3.2")
                .containsPattern("\\d+ relocations: \\d+ relative");
    }

    @Test
    void withoutJnaOnlyTheSecondEngineIsMissing() throws Exception {
        assertThat(withoutJna("inspect", "--one-line", PROGRAM)).startsWith("0 " + PROGRAM + ": ");
        assertThat(withoutJna("inspect", "--cross-check", PROGRAM))
                .startsWith("20 ")
                .contains(
                        "libelf cannot be used: the library JNA is missing; ",
                        "have jna.jar on the class path")
                .doesNotContain("Exception", "our bug");
    }

    /// The program in a JVM of its own, whose class path has no JNA: exit code, then all it said.
    private String withoutJna(String... arguments) throws IOException, InterruptedException {
        String classPath =
                Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                        .filter(jar -> !Path.of(jar).getFileName().toString().startsWith("jna-"))
                        .collect(Collectors.joining(File.pathSeparator));
        Path said = directory.resolve("said.txt");
        var command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                classPath,
                                Main.class.getName()));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        int code = process.waitFor();
        return code + " " + Files.readString(said, StandardCharsets.UTF_8);
    }
}
