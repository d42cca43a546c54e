package rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.cli.CommandLine.Ran;
import rookery.model.Failure;
import rookery.oci.json.Json;

class BuildCommandTest {
    private static final String SPEC =
            """
            version: 1
            project: app
            builds: [{main: ., ldflags: ["-X main.version={{version}}"]}]
            platforms:
              - linux/amd64
              - {platform: linux/riscv64, required: false}
              - windows/amd64
            images:
              - {from: app, repository: ghcr.io/acme/app, tags: [latest, "{{version}}"]}
            """;

    @TempDir private Path directory;
    private FakeFarm farm;
    private CommandLine line;

    @BeforeEach
    void aProjectAndAFarm() throws IOException {
        farm = new FakeFarm(directory.resolve("farm"));
        line = new CommandLine(directory.resolve("project"), farm::start);
        line.project(SPEC);
    }

    @AfterEach
    void shutDown() {
        farm.shutDown();
    }

    @Test
    void aBuildTellsOfEachPlatformThenOfThePathsThenOfTheIndex() {
        Ran ran = line.run("build");
        assertThat(ran.err()).contains("in 0.0s");
        assertThat(ran.code()).isZero();
        assertThat(ran.out().replaceAll("sha256:[0-9a-f]{64}", "sha256:…"))
                .isEqualTo(
                        """
                        linux/amd64    ✓ static  19 B  musl  hello from linux/amd64 ?[31mred
                        linux/riscv64  ✓ static  21 B  musl  hello from linux/riscv64 ?[31mred
                        windows/amd64  ✓ static  21 B  musl  (not run)

                        dist/app_linux_amd64/app
                        dist/app_linux_riscv64/app
                        dist/app_windows_amd64/app.exe
                        dist/oci/app  ghcr.io/acme/app  sha256:…  linux/amd64 linux/riscv64
                        """);
        assertThat(farm.closed).hasValue(1);
    }

    @Test
    void whatLiesInDistIsWhatTheFarmMade() throws IOException, InterruptedException {
        line.run("build");
        Path dist = line.directory.resolve("dist");
        Path binary = dist.resolve("app_linux_amd64/app");
        assertThat(binary).hasContent("app for linux/amd64");
        assertThat(Files.isExecutable(binary)).isTrue();
        assertThat(Files.readString(dist.resolve("oci/app/index.json"))).contains("\"0.0.0-dev\"");
        Process check =
                new ProcessBuilder("sha256sum", "--strict", "-c", "checksums.txt")
                        .directory(dist.toFile())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(check.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(check.exitValue()).isZero();
        try (var left = Files.list(line.directory)) {
            assertThat(left.map(p -> p.getFileName().toString()))
                    .containsExactlyInAnyOrder("dist", "rookery.yaml", "go.mod", "main.go");
        }
    }

    @Test
    void aSecondBuildReplacesTheFirstAndPacksTheSameSource() {
        line.run("build");
        assertThat(line.run("build").code()).isZero();
        assertThat(farm.submitted.getLast().getSpec())
                .isEqualTo(farm.submitted.getFirst().getSpec());
    }

    @Test
    void jsonIsOneDocumentOnStdoutAndTalkGoesToStderr() {
        farm.recalls = true;
        Ran ran = line.run("build", "--output", "json", "--progress=plain");
        Json.Obj json = json(ran.out());
        assertThat(text(json, "state")).isEqualTo("done");
        assertThat(json.get("exit_code")).contains(Json.number(0));
        assertThat(json.get("recalled")).contains(Json.number(9));
        Json.Arr binaries = (Json.Arr) json.get("binaries").orElseThrow();
        assertThat(text((Json.Obj) binaries.items().getFirst(), "stdout"))
                .isEqualTo("hello from linux/amd64\n\u001b[31mred\n");
        assertThat(text((Json.Obj) binaries.items().getLast(), "path"))
                .isEqualTo("dist/app_windows_amd64/app.exe");
        Json.Arr images = (Json.Arr) json.get("images").orElseThrow();
        assertThat(text((Json.Obj) images.items().getFirst(), "index")).startsWith("sha256:");
        assertThat(ran.err()).contains("go-build app  recalled");
    }

    @Test
    void aBinaryThatTheGateRefusesMakesElevenAndNothingIsWritten() throws IOException {
        farm.fail(
                "verify/app/linux/amd64",
                Failure.Kind.NOT_STATIC,
                "app for linux/amd64 asks for the loader /lib/ld.so; link it statically",
                "first line",
                "second \u001b[2J line");
        Path log = directory.resolve("farm/logs/verify_app_linux_amd64.log");
        Files.createDirectories(log.getParent());
        Files.writeString(log, "whole");
        Ran ran = line.run("build", "--progress", "quiet");
        assertThat(ran.code()).isEqualTo(11);
        assertThat(line.directory.resolve("dist")).doesNotExist();
        assertThat(ran.out()).contains("linux/amd64    ✗ verify failed: app for linux/amd64 asks");
        assertThat(ran.err())
                .isEqualTo(
                        """

                        ✗ verify app for linux/amd64: app for linux/amd64 asks for the loader /lib/ld.so; link it statically
                            first line
                            second ?[2J line
                          whole log: %s

                        rookery: a binary is not static, or does not run where it must (exit code 11)
                        rookery: 6 of 8 steps in 0.0s
                        """
                                .formatted(log));
    }

    @Test
    void whatIsOptionalMayFailAndTheRestIsWritten() {
        farm.fail("go-build/app/linux/riscv64", Failure.Kind.BUILD, "no such instruction");
        Ran ran = line.run("build");
        assertThat(ran.code()).isZero();
        assertThat(ran.out())
                .contains("linux/riscv64  ✗ go-build failed: no such instruction (optional)")
                .contains("dist/app_linux_amd64/app")
                .doesNotContain("dist/app_linux_riscv64")
                .contains("  linux/amd64\n");
        assertThat(ran.err()).contains("(optional): no such instruction");
    }

    @Test
    void everyKindOfFailureHasTheExitCodeOfTheTable() {
        for (Failure.Kind kind : Failure.Kind.values()) {
            farm.fail("go-build/app/linux/amd64", kind, "because");
            assertThat(line.run("build").code()).as(kind.name()).isEqualTo(kind.exitCode());
        }
    }

    @Test
    void everyProblemOfTheSpecIsToldAndNoFarmIsStarted() throws IOException {
        line.write("rookery.yaml", SPEC.replace("main: .,", "man: .,").replace("windows", "beos"));
        Ran ran = line.run("build");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .contains("rookery.yaml:3:11: unknown key 'man' in a build; did you mean 'main'?")
                .contains("rookery.yaml:7:5: 'beos/amd64' is no platform")
                .contains("2 problems in the spec; nothing was built");
        assertThat(farm.started).hasValue(0);
    }

    @Test
    void problemsAreAlsoJson() throws IOException {
        line.write("rookery.yaml", "version: 1\n");
        Json.Obj json = json(line.run("build", "--output=json").out());
        assertThat(((Json.Arr) json.get("problems").orElseThrow()).items()).hasSize(3);
    }

    @Test
    void platformNarrowsAndTheRestIsNotAskedFor() {
        Ran ran = line.run("build", "--platform", "linux/riscv64,windows/amd64");
        assertThat(ran.code()).isZero();
        assertThat(farm.submitted.getFirst().getSpec().getPlatformsList())
                .extracting(rookery.v1.Wanted::getPlatform)
                .containsExactly("linux/riscv64", "windows/amd64");
    }

    @Test
    void aPlatformThatIsNotThereIsAMistakeOfTheCommandLine() {
        Ran ran = line.run("build", "--platform", "linux/arm64");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err())
                .contains(
                        "--platform: 'linux/arm64' is not among the spec's platforms; it has"
                                + " linux/amd64, linux/riscv64, windows/amd64");
        assertThat(line.run("build", "--platform", "linux/arm46").err())
                .contains("did you mean 'linux/arm64'?");
    }

    @Test
    void pushAndAllowDropReachTheFarm() {
        line.run("build", "--push", "--allow-drop");
        assertThat(farm.submitted.getFirst().getPush()).isTrue();
        assertThat(farm.submitted.getFirst().getAllowDrop()).isTrue();
    }

    @Test
    void aDirectoryOfSomebodyElseIsNotOverwritten() throws IOException {
        line.write("dist/precious.txt", "mine");
        Ran ran = line.run("build");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("holds precious.txt, which no build of ours wrote");
        assertThat(farm.started).hasValue(0);
        assertThat(line.directory.resolve("dist/precious.txt")).hasContent("mine");
    }

    @Test
    void aSpecThatIsNotThereIsSaidInOneSentence() throws IOException {
        Files.delete(line.directory.resolve("rookery.yaml"));
        Ran ran = line.run("build");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("there is no rookery.yaml here; write one");
    }

    @Test
    void whatTheFarmRefusesIsSortedByBlame() {
        farm.refusal.set(java.util.Optional.of(Status.INVALID_ARGUMENT.withDescription("no plan")));
        Ran ran = line.run("build");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.err()).contains("rookery: submitting the job failed: no plan");
        farm.refusal.set(java.util.Optional.of(Status.UNAVAILABLE.withDescription("disk full")));
        assertThat(line.run("build").code()).isEqualTo(20);
        farm.refusal.set(java.util.Optional.of(Status.INTERNAL.withDescription("oops")));
        assertThat(line.run("build").code()).isEqualTo(70);
        assertThat(farm.closed).hasValue(3);
    }

    @Test
    void aBugIsOneSentenceAndAFileThatSaysWhere() {
        var broken =
                new CommandLine(
                        line.directory,
                        () -> {
                            throw new IllegalStateException("nobody\u0007 thought of this");
                        });
        Ran ran = broken.run("build");
        assertThat(ran.code()).isEqualTo(70);
        assertThat(ran.err())
                .contains("this is our bug, not yours: java.lang.IllegalStateException: nobody?")
                .doesNotContain("\tat ");
        Path trace =
                line.directory.resolve("home/.local/state/rookery/bugs/2023-11-14T22-14-20Z.txt");
        assertThat(ran.err()).contains(trace.toString());
        assertThat(trace).content().contains("BuildCommandTest");
    }

    @Test
    void anErrorThatIsNoExceptionEndsTheSameWay() {
        var broken =
                new CommandLine(
                        line.directory,
                        () -> {
                            throw new AssertionError("a broken invariant");
                        });
        assertThat(broken.run("build").code()).isEqualTo(70);
    }

    @Test
    void theProgressMayBeChosenByTheEnvironment() {
        line.env.put("ROOKERY_PROGRESS", "quiet");
        assertThat(line.run("build").err()).doesNotContain("go-build");
        assertThat(line.run("build", "--progress=plain").err())
                .contains("go-build app  done in 1.0s");
        line.env.put("ROOKERY_PROGRESS", "plian");
        assertThat(line.run("build").err()).contains("did you mean 'plain'?");
    }

    private static Json.Obj json(String text) {
        return (Json.Obj) Json.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Json.Obj json, String name) {
        return ((Json.Text) json.get(name).orElseThrow()).value();
    }
}
