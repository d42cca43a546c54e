package rookery.elf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.elf.files.Inspector;

/// Programs that C compilers of this machine link: what each really is, whatever its flags asked
/// for.
class CSamplesTest {
    private static final String ARM64 = "aarch64-linux-gnu-gcc";
    private static final String RISCV64 = "riscv64-linux-gnu-gcc";

    @TempDir static Path dir;
    private static Tools tools;

    @BeforeAll
    static void sources() {
        tools = new Tools(dir);
        tools.write("hello.c", "#include <stdio.h>\nint main(void) { puts(\"hi\"); return 0; }\n");
        tools.write(
                "lookup.c",
                "#include <netdb.h>\nint main(void) { struct addrinfo *a; return getaddrinfo(\"h\", 0, 0, &a); }\n");
        tools.write(
                "plugin.c",
                "#include <dlfcn.h>\n#include <stdio.h>\nint main(int n, char **v) { puts(dlopen(v[n - 1], 2) ? \"y\" : dlerror()); return 0; }\n");
        tools.write("missing.c", "int absent(void);\nint main(void) { return absent(); }\n");
        tools.write("zlib.c", "const char *zlibVersion(void) { return \"1\"; }\n");
        tools.write(
                "uses.c",
                "const char *zlibVersion(void);\nint main(void) { return *zlibVersion(); }\n");
        tools.write("start.c", "void _start(void) { for (;;) ; }\n");
        tools.write("data.c", "int x; int *p = &x; void _start(void) { for (;;) *p = 1; }\n");
        tools.write(
                "textrel.s",
                ".text\n.globl _start\n_start: jmp _start\n.balign 8\n.quad _start\n.section .note.GNU-stack,\"\"\n");
    }

    private static Report look(Path file) {
        try {
            return Inspector.inspect(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Verdict scratch(Report report, String platform) {
        return Policy.SCRATCH.judge(report, Expectation.of(platform));
    }

    private static List<String> ids(Verdict verdict) {
        return verdict.reasons().stream().map(Finding::id).distinct().toList();
    }

    @Test
    void aStaticGlibcProgramPasses() {
        Report report = look(tools.compile("glibc", "gcc", "-static", "hello.c"));
        assertThat(report.linkage()).isEqualTo(new Linkage.Static(false));
        assertThat(report.libc().kind()).isEqualTo(Libc.Kind.GLIBC);
        assertThat(scratch(report, "linux/amd64")).isEqualTo(new Verdict.Pass());
    }

    @Test
    void aStrippedStaticGlibcProgramIsStillKnownAsGlibc() {
        Report report = look(tools.compile("glibc-s", "gcc", "-static", "-s", "hello.c"));
        assertThat(report.libc().kind()).isEqualTo(Libc.Kind.GLIBC);
        assertThat(report.libc().certain()).isTrue();
    }

    @Test
    void aStaticPieProgramHasADynamicSectionAndPasses() {
        Report report = look(tools.compile("glibc-sp", "gcc", "-static-pie", "hello.c"));
        assertThat(report.linkage()).isEqualTo(new Linkage.Static(true));
        assertThat(report.linkage().word()).isEqualTo("static-pie");
        assertThat(report.describe()).isEqualTo("static (pie) linux/amd64, glibc");
        assertThat(scratch(report, "linux/amd64")).isEqualTo(new Verdict.Pass());
    }

    @Test
    void aDynamicProgramFailsWithItsLoaderItsLibrariesAndTheCure() {
        Report report = look(tools.compile("glibc-d", "gcc", "hello.c"));
        assertThat(report.linkage())
                .isEqualTo(
                        new Linkage.Dynamic(
                                true, List.of("libc.so.6"), "/lib64/ld-linux-x86-64.so.2"));
        assertThat(report.libc().version()).hasValueSatisfying(v -> assertThat(v).startsWith("2."));
        Verdict verdict = scratch(report, "linux/amd64");
        assertThat(verdict).isInstanceOf(Verdict.Fail.class);
        assertThat(verdict.accepted()).isFalse();
        assertThat(ids(verdict)).containsExactly("interp", "needed");
    }

    @Test
    void aMissingStaticZlibIsNamedWithItsPackage() {
        tools.compile("libz.so.1", "gcc", "-shared", "-fPIC", "-Wl,-soname,libz.so.1", "zlib.c");
        Report report = look(tools.compile("uses-z", "gcc", "uses.c", "./libz.so.1"));
        assertThat(scratch(report, "linux/amd64").reasons())
                .contains(
                        new Finding(
                                "needed",
                                Finding.Severity.FAIL,
                                "needs libz.so.1",
                                "build sys-libs/zlib with USE=static-libs and link with -extldflags -static"));
    }

    @Test
    void aStaticMuslProgramPassesAndIsKnownByItsSymbols() {
        Report report = look(tools.compile("musl", "musl-gcc", "-static", "hello.c"));
        assertThat(report.describe()).isEqualTo("static linux/amd64, musl");
        assertThat(scratch(report, "linux/amd64")).isEqualTo(new Verdict.Pass());
    }

    @Test
    void aStrippedStaticMuslProgramIsMuslForWantOfOtherMarks() {
        Report report = look(tools.compile("musl-s", "musl-gcc", "-static", "-s", "hello.c"));
        assertThat(report.libc().kind()).isEqualTo(Libc.Kind.MUSL);
        assertThat(report.libc().certain()).isFalse();
        assertThat(report.describe()).isEqualTo("static linux/amd64, musl (likely)");
    }

    @Test
    void aMuslStaticPieThatSilentlyBecameDynamicFails() {
        Report report = look(tools.compile("musl-sp", "musl-gcc", "-static-pie", "hello.c"));
        assertThat(report.linkage().word()).isEqualTo("dynamic-pie");
        assertThat(report.libc().kind()).isEqualTo(Libc.Kind.MUSL);
        assertThat(scratch(report, "linux/amd64").accepted()).isFalse();
    }

    @Test
    void aProgramWithoutALibcHasNone() {
        Report report = look(tools.compile("bare", "gcc", "-static", "-nostdlib", "start.c"));
        assertThat(report.libc().kind()).isEqualTo(Libc.Kind.NONE);
        assertThat(scratch(report, "linux/amd64").accepted()).isTrue();
    }

    @Test
    void anArm64ProgramPassesThereAndFailsElsewhere() {
        Report report = look(tools.compile("arm64", ARM64, "-static", "hello.c"));
        assertThat(report.describe()).isEqualTo("static linux/arm64, glibc");
        assertThat(scratch(report, "linux/arm64")).isEqualTo(new Verdict.Pass());
        assertThat(ids(scratch(report, "linux/amd64"))).containsExactly("wrong-machine");
    }

    @Test
    void anArm64ProgramForSmallPagesIsWarnedAbout() {
        Report report =
                look(
                        tools.compile(
                                "arm64-4k",
                                ARM64,
                                "-static",
                                "-Wl,-z,max-page-size=4096",
                                "hello.c"));
        assertThat(ids(scratch(report, "linux/arm64"))).containsExactly("load-alignment");
        assertThat(Policy.STATIC.judge(report, Expectation.of("linux/arm64")))
                .isEqualTo(new Verdict.Pass());
    }

    @Test
    void aDynamicForeignProgramIsDynamic() {
        Report report = look(tools.compile("arm64-d", ARM64, "hello.c"));
        assertThat(report.linkage().word()).isEqualTo("dynamic-pie");
        assertThat(ids(scratch(report, "linux/arm64"))).containsExactly("interp", "needed");
    }

    @Test
    void aRiscvProgramPasses() {
        Report report = look(tools.compile("riscv", RISCV64, "-static", "hello.c"));
        assertThat(report.describe()).isEqualTo("static linux/riscv64, glibc");
        assertThat(scratch(report, "linux/riscv64")).isEqualTo(new Verdict.Pass());
    }

    @Test
    void aRiscvStaticPieThatNamesALoaderIsInterpOnly() {
        // This compiler's link rule for -static-pie still passes -dynamic-linker.
        Report report =
                look(tools.compile("riscv-sp", RISCV64, "-static-pie", "-nostdlib", "data.c"));
        assertThat(report.linkage()).isInstanceOf(Linkage.InterpOnly.class);
        assertThat(ids(scratch(report, "linux/riscv64"))).containsExactly("interp");
    }

    @Test
    void aSoftFloatRiscvProgramIsWarnedAbout() {
        Report report =
                look(
                        tools.compile(
                                "riscv-soft",
                                RISCV64,
                                "-static",
                                "-nostdlib",
                                "-march=rv64imac",
                                "-mabi=lp64",
                                "start.c"));
        Verdict verdict = scratch(report, "linux/riscv64");
        assertThat(verdict).isInstanceOf(Verdict.Warn.class);
        assertThat(verdict.accepted()).isTrue();
        assertThat(ids(verdict)).containsExactly("float-abi");
    }

    @Test
    void anExecutableStackIsWarnedAbout() {
        Report report =
                look(tools.compile("execstack", "gcc", "-static", "-z", "execstack", "hello.c"));
        assertThat(ids(scratch(report, "linux/amd64"))).containsExactly("exec-stack");
    }

    @Test
    void aStaticPieProgramWithTextRelocationsCrashesAndFails() {
        Report report =
                look(
                        tools.compile(
                                "textrel",
                                "gcc",
                                "-static-pie",
                                "-nostdlib",
                                "-Wl,-z,notext",
                                "-Wl,-z,noexecstack",
                                "textrel.s"));
        assertThat(report.linkage()).isEqualTo(new Linkage.Static(true));
        assertThat(ids(scratch(report, "linux/amd64"))).containsExactly("textrel");
        assertThat(scratch(report, "linux/amd64").accepted()).isFalse();
    }

    @Test
    void codeForANewerCpuThanAskedForFails() {
        Report report = look(tools.compile("v3", "gcc", "-static", "-Wl,-z,x86-64-v3", "hello.c"));
        assertThat(ids(scratch(report, "linux/amd64/v2"))).containsExactly("cpu-level");
        assertThat(scratch(report, "linux/amd64/v3")).isEqualTo(new Verdict.Pass());
    }

    @Test
    void anUndefinedSymbolThatTheLinkerWasToldToIgnoreFails() {
        Report report =
                look(
                        tools.compile(
                                "missing",
                                "gcc",
                                "-static",
                                "-Wl,--unresolved-symbols=ignore-all",
                                // Without it GNU ld forgets the symbol; lld keeps it in any case.
                                "-Wl,--emit-relocs",
                                "missing.c"));
        Verdict verdict = scratch(report, "linux/amd64");
        assertThat(ids(verdict)).containsExactly("undefined-symbol");
        assertThat(verdict.reasons().getFirst().evidence()).contains("absent");
    }

    @Test
    void librariesWithoutALoaderFail() {
        Report report =
                look(
                        tools.compile(
                                "no-interp", "gcc", "-pie", "-Wl,--no-dynamic-linker", "hello.c"));
        assertThat(report.linkage()).isEqualTo(new Linkage.NeededNoInterp(List.of("libc.so.6")));
        assertThat(ids(scratch(report, "linux/amd64")))
                .containsExactly("needed-without-interp", "needed");
    }

    @Test
    void hostLookupsOfGlibcAreGradedNotRefused() {
        // -w: the linker warns about getaddrinfo in static programs, which is what this is about.
        Report report = look(tools.compile("lookup", "gcc", "-w", "-static", "lookup.c"));
        Verdict verdict = scratch(report, "linux/amd64");
        assertThat(verdict.accepted()).isTrue();
        assertThat(ids(verdict)).containsExactly("glibc-nss");
        assertThat(verdict.reasons().getFirst().cure()).contains("/etc/resolv.conf");
        assertThat(Policy.STATIC.judge(report, Expectation.of("linux/amd64")))
                .isEqualTo(new Verdict.Pass());
    }

    @Test
    void hostLookupsOfGlibcAreSeenInAStrippedProgram() {
        Report report = look(tools.compile("lookup-s", "gcc", "-w", "-s", "-static", "lookup.c"));
        assertThat(ids(scratch(report, "linux/amd64"))).containsExactly("glibc-nss");
    }

    @Test
    void muslsDlopenThatAlwaysFailsIsWarnedAbout() {
        Report report = look(tools.compile("plugin", "musl-gcc", "-static", "-s", "plugin.c"));
        assertThat(report.libc().kind()).isEqualTo(Libc.Kind.MUSL);
        assertThat(ids(scratch(report, "linux/amd64"))).containsExactly("musl-dlopen");
    }

    @Test
    void objectsLibrariesArchivesScriptsAndTextsAreNoPrograms() {
        Path object = tools.compile("hello.o", "gcc", "-c", "hello.c");
        tools.run(Map.of(), List.of("ar", "rc", "hello.a", "hello.o"));
        tools.run(Map.of(), List.of("ar", "rcT", "thin.a", "hello.o"));
        Path library = tools.compile("hello.so", "gcc", "-shared", "-fPIC", "hello.c");
        Path alone = tools.compile("alone.so", "gcc", "-shared", "-nostdlib", "-fPIC", "zlib.c");
        assertThat(look(object).linkage().word()).isEqualTo("relocatable");
        assertThat(look(dir.resolve("hello.a")).linkage().word()).isEqualTo("archive");
        assertThat(look(dir.resolve("thin.a")).linkage().word()).isEqualTo("thin-archive");
        assertThat(look(library).linkage().word()).isEqualTo("shared-lib");
        assertThat(look(alone).linkage().word()).isEqualTo("shared-lib");
        assertThat(look(tools.write("run.sh", "#!/bin/sh -e\nexit 0\n")).linkage())
                .isEqualTo(new Linkage.Script("/bin/sh -e"));
        assertThat(look(tools.write("notes.txt", "hello")).linkage().word()).isEqualTo("none");
        assertThat(look(tools.write("empty", "")).linkage().word()).isEqualTo("none");
        for (String name :
                List.of("hello.o", "hello.a", "hello.so", "run.sh", "notes.txt", "empty")) {
            Verdict verdict = scratch(look(dir.resolve(name)), "linux/amd64");
            assertThat(verdict.word()).as(name).isEqualTo("n/a");
            assertThat(verdict.accepted()).as(name).isFalse();
        }
    }

    @Test
    void theDebugHalfOfAProgramIsNoProgram() {
        tools.compile("whole", "gcc", "-g", "hello.c");
        tools.run(Map.of(), List.of("objcopy", "--only-keep-debug", "whole", "whole.debug"));
        assertThat(look(dir.resolve("whole.debug")).linkage().word()).isEqualTo("debug-only");
    }

    @Test
    void theLoaderItselfIsALoader() {
        Report dynamic = look(tools.compile("asks-loader", "gcc", "hello.c"));
        Linkage.Dynamic linkage = (Linkage.Dynamic) dynamic.linkage();
        assertThat(look(Path.of(linkage.interpreter())).linkage().word()).isEqualTo("loader");
        Report musl = look(tools.compile("asks-musl", "musl-gcc", "hello.c"));
        Linkage.Dynamic muslLinkage = (Linkage.Dynamic) musl.linkage();
        assertThat(look(Path.of(muslLinkage.interpreter())).linkage().word()).isEqualTo("loader");
    }

    @Test
    void aFileCutShortIsTruncatedThoughItsHeadersAreWhole() throws IOException {
        byte[] whole = Files.readAllBytes(tools.compile("cut", "gcc", "-static", "hello.c"));
        MemorySegment half = MemorySegment.ofArray(whole).asSlice(0, whole.length / 2);
        Verdict verdict = scratch(Inspection.of(half), "linux/amd64");
        assertThat(ids(verdict)).contains("truncated");
        assertThat(verdict.accepted()).isFalse();
    }

    @Test
    void aStaticProgramWithoutSectionHeadersIsJudgedTheSame() throws IOException {
        byte[] bytes =
                Files.readAllBytes(tools.compile("no-sections", "gcc", "-static", "hello.c"));
        for (int i = 0x28; i < 0x30; i++) {
            bytes[i] = 0;
        }
        for (int i = 0x3a; i < 0x40; i++) {
            bytes[i] = 0;
        }
        Report report = Inspection.of(MemorySegment.ofArray(bytes));
        assertThat(report.linkage()).isEqualTo(new Linkage.Static(false));
        assertThat(report.libc().kind()).isEqualTo(Libc.Kind.GLIBC);
        assertThat(scratch(report, "linux/amd64")).isEqualTo(new Verdict.Pass());
    }

    @Test
    void aFileWithAFalseClassAndByteOrderIsReadAsTheKernelReadsIt() throws IOException {
        byte[] bytes = Files.readAllBytes(tools.compile("false-ident", "gcc", "hello.c"));
        bytes[4] = 1;
        bytes[5] = 2;
        Report report = Inspection.of(MemorySegment.ofArray(bytes));
        assertThat(report.linkage().word()).isEqualTo("dynamic-pie");
        assertThat(ids(scratch(report, "linux/amd64"))).contains("false-ident", "interp");
    }
}
