package rookery.elf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.elf.files.Inspector;
import rookery.elf.golang.GoBuildInfo;

/// Programs that Go builds, alone and with C code, for several platforms.
class GoSamplesTest {
    private static final String EXTERNAL = "-s -w -linkmode external -extldflags \"-static\"";

    @TempDir static Path dir;
    private static Tools tools;

    @BeforeAll
    static void sources() {
        tools = new Tools(dir);
        tools.write("pure/go.mod", "module example.test/pure\n\ngo 1.24\n");
        tools.write("pure/main.go", "package main\n\nfunc main() { println(\"hi\") }\n");
        tools.write(
                "cgo/go.mod",
                "module example.test/cgo\n\ngo 1.24\n\nrequire example.test/lib v1.2.3\n\nreplace example.test/lib => ./lib\n");
        tools.write("cgo/lib/go.mod", "module example.test/lib\n\ngo 1.24\n");
        tools.write("cgo/lib/lib.go", "package lib\n\nvar Name = \"lib\"\n");
        tools.write(
                "cgo/main.go",
                """
                package main

                // #include <stdlib.h>
                import "C"
                import "example.test/lib"

                func main() { println(lib.Name, int(C.abs(-1))) }
                """);
    }

    private static Report look(Path file) {
        try {
            return Inspector.inspect(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Report cgo(String name, String cc, String... flags) {
        return look(tools.goBuild(name, "cgo", Map.of("CGO_ENABLED", "1", "CC", cc), flags));
    }

    private static Report pure(String name, Map<String, String> env, String... flags) {
        Map<String, String> all = new java.util.TreeMap<>(env);
        all.put("CGO_ENABLED", "0");
        return look(tools.goBuild(name, "pure", all, flags));
    }

    private static List<String> ids(Report report, Expectation expectation) {
        return Policy.SCRATCH.judge(report, expectation).reasons().stream()
                .map(Finding::id)
                .toList();
    }

    @Test
    void aPureGoProgramPassesAndHasNoLibc() {
        Report report = pure("alone", Map.of());
        assertThat(report.linkage()).isEqualTo(new Linkage.Static(false));
        assertThat(report.libc().kind()).isEqualTo(Libc.Kind.GO);
        assertThat(report.describe())
                .startsWith("static linux/amd64, no libc, Go 1.")
                .doesNotContain("cgo");
        assertThat(ids(report, Expectation.of("linux/amd64"))).isEmpty();
    }

    @Test
    void aPureGoProgramFailsWhereCgoWasAskedFor() {
        Report report = pure("pure-cgo", Map.of());
        assertThat(ids(report, Expectation.of("linux/amd64").withCgo())).containsExactly("cgo-off");
    }

    @Test
    void aPureGoPieNamesALoaderAndFails() {
        Report report = pure("pie", Map.of(), "-buildmode=pie");
        assertThat(report.linkage())
                .isEqualTo(new Linkage.InterpOnly("/lib64/ld-linux-x86-64.so.2"));
        assertThat(report.go().orElseThrow().setting("-buildmode")).contains("pie");
        assertThat(ids(report, Expectation.of("linux/amd64"))).containsExactly("interp");
    }

    @Test
    void aCgoProgramWithMuslPassesEvenWhenStripped() {
        Report report = cgo("musl", "musl-gcc", "-ldflags=" + EXTERNAL);
        assertThat(report.linkage()).isEqualTo(new Linkage.Static(false));
        assertThat(report.libc().kind()).isEqualTo(Libc.Kind.MUSL);
        assertThat(report.describe()).endsWith(" cgo");
        assertThat(ids(report, Expectation.of("linux/amd64").withCgo())).isEmpty();
    }

    @Test
    void aCgoProgramWithGlibcIsKnownAsGlibc() {
        Report report = cgo("glibc", "gcc", "-ldflags=" + EXTERNAL);
        assertThat(report.libc().kind()).isEqualTo(Libc.Kind.GLIBC);
        assertThat(Policy.SCRATCH.judge(report, Expectation.of("linux/amd64").withCgo()).accepted())
                .isTrue();
    }

    @Test
    void aCgoProgramForArm64Passes() {
        Report report =
                look(
                        tools.goBuild(
                                "arm64",
                                "cgo",
                                Map.of(
                                        "CGO_ENABLED", "1",
                                        "GOARCH", "arm64",
                                        "CC", "aarch64-linux-gnu-gcc"),
                                "-ldflags=" + EXTERNAL));
        assertThat(report.describe()).startsWith("static linux/arm64, glibc, Go 1.");
        assertThat(ids(report, Expectation.of("linux/arm64").withCgo())).isEmpty();
        assertThat(ids(report, Expectation.of("linux/riscv64"))).containsExactly("wrong-machine");
    }

    @Test
    void aCgoProgramWithoutItsStaticFlagFails() {
        Report report = cgo("dynamic", "gcc");
        assertThat(report.linkage()).isInstanceOf(Linkage.Dynamic.class);
        assertThat(report.hasCgo()).isTrue();
        assertThat(ids(report, Expectation.of("linux/amd64").withCgo()))
                .contains("interp", "needed");
    }

    @Test
    void buildInformationHoldsVersionSettingsAndModules() {
        GoBuildInfo go = cgo("info", "musl-gcc", "-ldflags=" + EXTERNAL).go().orElseThrow();
        String printed =
                tools.run(Map.of(), List.of("go", "version", "-m", dir.resolve("info").toString()));
        assertThat(printed).contains(": " + go.goVersion() + "\n");
        assertThat(go.path()).isEqualTo("example.test/cgo");
        assertThat(go.main().orElseThrow().path()).isEqualTo("example.test/cgo");
        assertThat(go.dependencies()).hasSize(1);
        assertThat(go.dependencies().getFirst().path()).isEqualTo("example.test/lib");
        assertThat(go.dependencies().getFirst().replacedBy().orElseThrow().path())
                .isEqualTo("./lib");
        assertThat(go.cgoEnabled()).isTrue();
        assertThat(go.settings().stream().map(s -> "\tbuild\t" + s.key() + "="))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(printed).contains(line));
    }

    @Test
    void buildInformationIsFoundWithoutABuildId() {
        Report report = cgo("no-id", "gcc", "-ldflags=-buildid= -s -w");
        assertThat(report.go()).isPresent();
    }

    @Test
    void aLevelAboveTheOneAskedForFails() {
        Report report = pure("v3", Map.of("GOAMD64", "v3"));
        assertThat(ids(report, Expectation.of("linux/amd64"))).containsExactly("cpu-level");
        assertThat(ids(report, Expectation.of("linux/amd64/v3"))).isEmpty();
    }

    @Test
    void aProgramForAnotherSystemFails() {
        Report report = pure("freebsd", Map.of("GOOS", "freebsd"));
        assertThat(report.goos()).contains("freebsd");
        assertThat(ids(report, Expectation.of("linux/amd64"))).containsExactly("wrong-os");
    }

    @Test
    void bigEndianProgramsOf32And64BitsAreReadInTheirOwnOrder() {
        Report s390x = pure("s390x", Map.of("GOARCH", "s390x"));
        Report mips = pure("mips", Map.of("GOARCH", "mips"));
        assertThat(s390x.describe()).startsWith("static linux/s390x, no libc, Go 1.");
        assertThat(mips.describe()).startsWith("static linux/mips, no libc, Go 1.");
        assertThat(ids(s390x, Expectation.of("linux/s390x"))).isEmpty();
        assertThat(ids(mips, Expectation.of("linux/mips"))).isEmpty();
        assertThat(ids(mips, Expectation.of("linux/mipsle"))).containsExactly("wrong-endianness");
        assertThat(ids(mips, Expectation.of("linux/mips64"))).containsExactly("wrong-class");
    }

    @Test
    void aWindowsProgramPassesThereAndFailsOnLinux() {
        Report report = pure("pure.exe", Map.of("GOOS", "windows"));
        assertThat(report.linkage()).isEqualTo(new Linkage.PeExe(List.of("kernel32.dll")));
        assertThat(report.describe()).contains("windows/amd64", "Go 1.");
        assertThat(ids(report, Expectation.of("windows/amd64"))).isEmpty();
        assertThat(ids(report, Expectation.of("windows/arm64"))).containsExactly("wrong-machine");
        assertThat(ids(report, Expectation.of("linux/amd64"))).containsExactly("wrong-format");
        assertThat(ids(pure("not-exe", Map.of()), Expectation.of("windows/amd64")))
                .containsExactly("wrong-format");
    }
}
