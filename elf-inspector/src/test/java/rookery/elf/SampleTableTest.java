package rookery.elf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many programs, each with the one verdict that is right: built by the compilers at hand, some of
/// them damaged afterwards. The table is the specification; a line is `name`, how it is made, for
/// which platform it is judged, and what must come out.
class SampleTableTest {
    private static final int BUILDERS = 2;
    private static final String ARM64 = "aarch64-linux-gnu-gcc";
    private static final String RISCV64 = "riscv64-linux-gnu-gcc";

    @TempDir static Path dir;
    private static Tools tools;
    private static final Map<String, Sample> SAMPLES = new TreeMap<>();
    private static final Map<String, byte[]> BUILT = new TreeMap<>();

    /// How a sample's bytes come to be.
    @FunctionalInterface
    private interface Maker {
        byte[] make() throws IOException;
    }

    private record Sample(
            Maker maker, Policy policy, Expectation expectation, String linkage, String verdict) {}

    /// `verdict` is the word and the ids of all findings: "warn exec-stack".
    private static void sample(
            String name, Maker maker, String platform, String linkage, String verdict) {
        sample(name, maker, Policy.SCRATCH, Expectation.of(platform), linkage, verdict);
    }

    private static void sample(
            String name,
            Maker maker,
            Policy policy,
            Expectation expectation,
            String linkage,
            String verdict) {
        Sample before = SAMPLES.put(name, new Sample(maker, policy, expectation, linkage, verdict));
        assertThat(before).as(name).isNull();
    }

    private static Maker c(String name, String compiler, String... arguments) {
        return () -> Files.readAllBytes(tools.compile(name, compiler, arguments));
    }

    private static Maker go(String name, String source, Map<String, String> env, String... flags) {
        return () -> Files.readAllBytes(tools.goBuild(name, source, env, flags));
    }

    private static Maker changed(Maker maker, UnaryOperator<byte[]> change) {
        return () -> change.apply(maker.make());
    }

    private static byte[] at(byte[] bytes, int offset, int... values) {
        for (int i = 0; i < values.length; i++) {
            bytes[offset + i] = (byte) values[i];
        }
        return bytes;
    }

    @BeforeAll
    static void build() throws InterruptedException, IOException {
        tools = new Tools(dir);
        sources();
        glibc();
        musl();
        crossC();
        bareC();
        goPrograms();
        damaged();
        noPrograms();
        try (ExecutorService builders = Executors.newFixedThreadPool(BUILDERS)) {
            Map<String, Future<byte[]>> running = new TreeMap<>();
            SAMPLES.forEach((name, s) -> running.put(name, builders.submit(s.maker()::make)));
            for (var one : running.entrySet()) {
                try {
                    BUILT.put(one.getKey(), one.getValue().get());
                } catch (ExecutionException e) {
                    throw new AssertionError(one.getKey() + " cannot be built", e);
                }
            }
        }
    }

    private static void sources() {
        tools.write("hello.c", "#include <stdio.h>\nint main(void) { puts(\"hi\"); return 0; }\n");
        tools.write(
                "lookup.c",
                "#include <netdb.h>\nint main(void) { struct addrinfo *a; return getaddrinfo(\"h\", 0, 0, &a); }\n");
        tools.write(
                "user.c", "#include <pwd.h>\nint main(void) { return getpwnam(\"x\") != 0; }\n");
        tools.write(
                "plugin.c",
                "#include <dlfcn.h>\nint main(int n, char **v) { return dlopen(v[n - 1], 2) == 0; }\n");
        tools.write(
                "charset.c",
                "#include <iconv.h>\nint main(int n, char **v) { return iconv_open(v[0], v[n - 1]) == (iconv_t) -1; }\n");
        tools.write(
                "locale.c",
                "#include <locale.h>\nint main(void) { return setlocale(LC_ALL, \"\") == 0; }\n");
        tools.write(
                "clock.c",
                "#include <time.h>\nint main(void) { time_t t = 0; return localtime(&t)->tm_hour; }\n");
        tools.write(
                "shell.c",
                "#include <stdlib.h>\nint main(int n, char **v) { return system(v[n - 1]); }\n");
        tools.write(
                "ifunc.c",
                "static int one(void) { return 7; }\nstatic void *choose(void) { return (void *) one; }\nint f(void) __attribute__((ifunc(\"choose\")));\nint main(void) { return f(); }\n");
        tools.write(
                "leak.c",
                "#include <stdio.h>\nint main(void) { puts(\"/home/ann/src/secret/main.c\"); return 0; }\n");
        tools.write("missing.c", "int absent(void);\nint main(void) { return absent(); }\n");
        tools.write(
                "weak.c",
                "__attribute__((weak)) int absent(void);\nint main(void) { return absent ? absent() : 0; }\n");
        tools.write("start.c", "void _start(void) { for (;;) ; }\n");
        tools.write("data.c", "int x; int *p = &x; void _start(void) { for (;;) *p = 1; }\n");
        tools.write(
                "textrel.s",
                ".text\n.globl _start\n_start: jmp _start\n.balign 8\n.quad _start\n.section .note.GNU-stack,\"\"\n");
        tools.write("pure/go.mod", "module example.test/pure\n\ngo 1.24\n");
        tools.write("pure/main.go", "package main\n\nfunc main() { println(\"hi\") }\n");
        tools.write("web/go.mod", "module example.test/web\n\ngo 1.24\n");
        tools.write(
                "web/main.go",
                """
                package main

                import (
                	"crypto/tls"
                	"time"
                )

                func main() {
                	_, err := tls.Dial("tcp", "localhost:1", nil)
                	zone, _ := time.LoadLocation("Europe/Vienna")
                	println(err, zone)
                }
                """);
        tools.write("cgo/go.mod", "module example.test/cgo\n\ngo 1.24\n");
        tools.write(
                "cgo/main.go",
                "package main\n\n// #include <stdlib.h>\nimport \"C\"\n\nfunc main() { println(int(C.abs(-1))) }\n");
    }

    private static void glibc() {
        String amd64 = "linux/amd64";
        sample("glibc", c("glibc", "gcc", "-static", "hello.c"), amd64, "static", "pass");
        sample(
                "glibc-strip",
                c("glibc-strip", "gcc", "-static", "-s", "hello.c"),
                amd64,
                "static",
                "pass");
        sample(
                "glibc-static-pie",
                c("glibc-static-pie", "gcc", "-static-pie", "hello.c"),
                amd64,
                "static-pie",
                "pass");
        sample(
                "glibc-pie-static",
                c("glibc-pie-static", "gcc", "-pie", "-static", "hello.c"),
                amd64,
                "static",
                "pass");
        sample(
                "glibc-dynamic",
                c("glibc-dynamic", "gcc", "hello.c"),
                amd64,
                "dynamic-pie",
                "fail interp needed");
        sample(
                "glibc-dynamic-exec",
                c("glibc-dynamic-exec", "gcc", "-no-pie", "hello.c"),
                amd64,
                "dynamic",
                "fail interp needed");
        sample(
                "glibc-no-interp",
                c("glibc-no-interp", "gcc", "-pie", "-Wl,--no-dynamic-linker", "hello.c"),
                amd64,
                "needed-no-interp",
                "fail needed-without-interp needed");
        sample(
                "glibc-lookup",
                c("glibc-lookup", "gcc", "-w", "-static", "lookup.c"),
                amd64,
                "static",
                "warn glibc-nss");
        sample(
                "glibc-lookup-strip",
                c("glibc-lookup-strip", "gcc", "-w", "-s", "-static", "lookup.c"),
                amd64,
                "static",
                "warn glibc-nss");
        sample(
                "glibc-user",
                c("glibc-user", "gcc", "-w", "-static", "user.c"),
                amd64,
                "static",
                "warn glibc-nss");
        sample(
                "glibc-user-strip",
                c("glibc-user-strip", "gcc", "-w", "-s", "-static", "user.c"),
                amd64,
                "static",
                "warn glibc-nss");
        sample(
                "glibc-dlopen",
                c("glibc-dlopen", "gcc", "-w", "-static", "plugin.c"),
                amd64,
                "static",
                "warn glibc-dlopen");
        sample(
                "glibc-iconv",
                c("glibc-iconv", "gcc", "-w", "-static", "charset.c"),
                amd64,
                "static",
                "warn glibc-iconv");
        sample(
                "glibc-locale",
                c("glibc-locale", "gcc", "-static", "locale.c"),
                amd64,
                "static",
                "warn glibc-locale");
        sample(
                "glibc-clock",
                c("glibc-clock", "gcc", "-static", "-s", "clock.c"),
                amd64,
                "static",
                "warn time-zone");
        sample(
                "glibc-shell",
                c("glibc-shell", "gcc", "-static", "-s", "shell.c"),
                amd64,
                "static",
                "warn shell");
        sample(
                "glibc-ifunc",
                c("glibc-ifunc", "gcc", "-static", "ifunc.c"),
                amd64,
                "static",
                "pass");
        sample(
                "glibc-leak",
                c("glibc-leak", "gcc", "-static", "leak.c"),
                amd64,
                "static",
                "warn leaked-path");
        sample(
                "glibc-execstack",
                c("glibc-execstack", "gcc", "-static", "-z", "execstack", "hello.c"),
                amd64,
                "static",
                "warn exec-stack");
        sample(
                "glibc-rwx",
                c("glibc-rwx", "gcc", "-static", "-nostdlib", "-Wl,-N", "start.c"),
                amd64,
                "static",
                "warn rwx");
        sample(
                "glibc-v3",
                c("glibc-v3", "gcc", "-static", "-Wl,-z,x86-64-v3", "hello.c"),
                "linux/amd64/v2",
                "static",
                "fail cpu-level");
        sample(
                "glibc-v3-there",
                c("glibc-v3-there", "gcc", "-static", "-Wl,-z,x86-64-v3", "hello.c"),
                "linux/amd64/v3",
                "static",
                "pass");
        sample(
                "glibc-v4",
                c("glibc-v4", "gcc", "-static", "-Wl,-z,x86-64-v4", "hello.c"),
                "linux/amd64/v3",
                "static",
                "fail cpu-level");
        sample(
                "glibc-missing",
                c(
                        "glibc-missing",
                        "gcc",
                        "-static",
                        "-Wl,--unresolved-symbols=ignore-all",
                        "-Wl,--emit-relocs",
                        "missing.c"),
                amd64,
                "static",
                "fail undefined-symbol");
        sample("glibc-weak", c("glibc-weak", "gcc", "-static", "weak.c"), amd64, "static", "pass");
        sample(
                "glibc-old-kernel",
                c("glibc-old-kernel", "gcc", "-static", "hello.c"),
                Policy.SCRATCH,
                Expectation.of(amd64).withKernel(Kernel.parse("2.6.32")),
                "static",
                "fail kernel-floor");
        sample(
                "glibc-new-kernel",
                c("glibc-new-kernel", "gcc", "-static", "hello.c"),
                Policy.SCRATCH,
                Expectation.of(amd64).withKernel(Kernel.parse("3.2")),
                "static",
                "pass");
        sample(
                "hardened",
                c("hardened", "gcc", "-O2", "-static-pie", "-Wl,-z,relro,-z,now", "hello.c"),
                Policy.HARDENED,
                Expectation.of(amd64),
                "static-pie",
                "warn no-fortify");
        sample(
                "not-hardened",
                c("not-hardened", "gcc", "-static", "-Wl,-z,norelro", "hello.c"),
                Policy.HARDENED,
                Expectation.of(amd64),
                "static",
                "fail no-pie no-relro no-fortify");
    }

    private static void musl() {
        String amd64 = "linux/amd64";
        sample("musl", c("musl", "musl-gcc", "-static", "hello.c"), amd64, "static", "pass");
        sample(
                "musl-strip",
                c("musl-strip", "musl-gcc", "-static", "-s", "hello.c"),
                amd64,
                "static",
                "pass");
        sample(
                "musl-dynamic",
                c("musl-dynamic", "musl-gcc", "hello.c"),
                amd64,
                "dynamic-pie",
                "fail interp needed");
        sample(
                "musl-static-pie",
                c("musl-static-pie", "musl-gcc", "-static-pie", "hello.c"),
                amd64,
                "dynamic-pie",
                "fail interp needed");
        sample(
                "musl-dlopen",
                c("musl-dlopen", "musl-gcc", "-static", "-s", "plugin.c"),
                amd64,
                "static",
                "warn musl-dlopen");
        sample(
                "musl-lookup",
                c("musl-lookup", "musl-gcc", "-static", "lookup.c"),
                amd64,
                "static",
                "pass");
        sample(
                "musl-iconv",
                c("musl-iconv", "musl-gcc", "-static", "charset.c"),
                amd64,
                "static",
                "pass");
        sample(
                "musl-clock",
                c("musl-clock", "musl-gcc", "-static", "-s", "clock.c"),
                amd64,
                "static",
                "warn time-zone");
        sample(
                "musl-shell",
                c("musl-shell", "musl-gcc", "-static", "-s", "shell.c"),
                amd64,
                "static",
                "warn shell");
        sample(
                "musl-ifunc",
                c("musl-ifunc", "musl-gcc", "-static", "ifunc.c"),
                amd64,
                "static",
                "fail ifunc");
    }

    private static void crossC() {
        sample("arm64", c("arm64", ARM64, "-static", "hello.c"), "linux/arm64", "static", "pass");
        sample(
                "arm64-static-pie",
                c("arm64-static-pie", ARM64, "-static-pie", "hello.c"),
                "linux/arm64",
                "static-pie",
                "pass");
        sample(
                "arm64-dynamic",
                c("arm64-dynamic", ARM64, "hello.c"),
                "linux/arm64",
                "dynamic-pie",
                "fail interp needed");
        sample(
                "arm64-elsewhere",
                c("arm64-elsewhere", ARM64, "-static", "hello.c"),
                "linux/amd64",
                "static",
                "fail wrong-machine");
        sample(
                "arm64-4k",
                c("arm64-4k", ARM64, "-static", "-Wl,-z,max-page-size=4096", "hello.c"),
                "linux/arm64",
                "static",
                "warn load-alignment");
        sample(
                "arm64-dlopen",
                c("arm64-dlopen", ARM64, "-w", "-static", "plugin.c"),
                "linux/arm64",
                "static",
                "warn glibc-dlopen");
        sample(
                "riscv",
                c("riscv", RISCV64, "-static", "hello.c"),
                "linux/riscv64",
                "static",
                "pass");
        sample(
                "riscv-dynamic",
                c("riscv-dynamic", RISCV64, "hello.c"),
                "linux/riscv64",
                "dynamic-pie",
                "fail interp needed");
        sample(
                "riscv-static-pie",
                c("riscv-static-pie", RISCV64, "-static-pie", "-nostdlib", "data.c"),
                "linux/riscv64",
                "interp-only",
                "fail interp");
        sample(
                "riscv-soft",
                c(
                        "riscv-soft",
                        RISCV64,
                        "-static",
                        "-nostdlib",
                        "-march=rv64imac",
                        "-mabi=lp64",
                        "start.c"),
                "linux/riscv64",
                "static",
                "warn float-abi");
        sample(
                "riscv-zba",
                c("riscv-zba", RISCV64, "-static", "-nostdlib", "-march=rv64gc_zba", "start.c"),
                "linux/riscv64",
                "static",
                "warn cpu-level");
    }

    private static void bareC() {
        sample(
                "bare",
                c("bare", "gcc", "-static", "-nostdlib", "start.c"),
                "linux/amd64",
                "static",
                "pass");
        sample(
                "bare-32",
                c("bare-32", "gcc", "-m32", "-static", "-nostdlib", "start.c"),
                "linux/386",
                "static",
                "pass");
        sample(
                "bare-32-elsewhere",
                c("bare-32-elsewhere", "gcc", "-m32", "-static", "-nostdlib", "start.c"),
                "linux/amd64",
                "static",
                "fail wrong-machine");
        sample(
                "bare-x32",
                c("bare-x32", "gcc", "-mx32", "-static", "-nostdlib", "start.c"),
                "linux/amd64",
                "static",
                "fail wrong-class");
        sample(
                "bare-textrel",
                c(
                        "bare-textrel",
                        "gcc",
                        "-static-pie",
                        "-nostdlib",
                        "-Wl,-z,notext",
                        "-Wl,-z,noexecstack",
                        "textrel.s"),
                "linux/amd64",
                "static-pie",
                "fail textrel");
        sample(
                "bare-ifunc",
                c(
                        "bare-ifunc",
                        "gcc",
                        "-static",
                        "-nostartfiles",
                        "-nostdlib",
                        "-Wl,-emain",
                        "ifunc.c"),
                "linux/amd64",
                "static",
                "fail ifunc");
    }

    private static void goPrograms() {
        Map<String, String> off = Map.of("CGO_ENABLED", "0");
        sample("go", go("go", "pure", off), "linux/amd64", "static", "pass");
        sample(
                "go-strip",
                go("go-strip", "pure", off, "-ldflags=-s -w"),
                "linux/amd64",
                "static",
                "pass");
        sample(
                "go-pie",
                go("go-pie", "pure", off, "-buildmode=pie"),
                "linux/amd64",
                "interp-only",
                "fail interp");
        sample(
                "go-web",
                go("go-web", "web", off, "-ldflags=-s -w"),
                "linux/amd64",
                "static",
                "warn go-certificates time-zone");
        sample(
                "go-web-tz",
                go("go-web-tz", "web", off, "-ldflags=-s -w", "-tags=timetzdata"),
                "linux/amd64",
                "static",
                "warn go-certificates");
        sample(
                "go-no-cgo",
                go("go-no-cgo", "pure", off),
                Policy.SCRATCH,
                Expectation.of("linux/amd64").withCgo(),
                "static",
                "fail cgo-off");
        sample(
                "go-old-kernel",
                go("go-old-kernel", "pure", off),
                Policy.SCRATCH,
                Expectation.of("linux/amd64").withKernel(Kernel.parse("2.6.18")),
                "static",
                "fail kernel-floor");
        sample(
                "go-v3",
                go("go-v3", "pure", Map.of("CGO_ENABLED", "0", "GOAMD64", "v3")),
                "linux/amd64",
                "static",
                "fail cpu-level");
        cross(
                "go-arm7",
                Map.of("GOARCH", "arm", "GOARM", "7"),
                "linux/arm/v6",
                "static",
                "fail cpu-level");
        cross("go-arm64", Map.of("GOARCH", "arm64"), "linux/arm64", "static", "pass");
        cross(
                "go-arm64-v9",
                Map.of("GOARCH", "arm64", "GOARM64", "v9.0"),
                "linux/arm64",
                "static",
                "fail cpu-level");
        cross(
                "go-riscv-rva23",
                Map.of("GOARCH", "riscv64", "GORISCV64", "rva23u64"),
                "linux/riscv64",
                "static",
                "fail cpu-level");
        cross("go-s390x", Map.of("GOARCH", "s390x"), "linux/s390x", "static", "pass");
        cross("go-mips", Map.of("GOARCH", "mips"), "linux/mips", "static", "pass");
        cross(
                "go-mips-order",
                Map.of("GOARCH", "mips"),
                "linux/mipsle",
                "static",
                "fail wrong-endianness");
        cross("go-freebsd", Map.of("GOOS", "freebsd"), "linux/amd64", "static", "fail wrong-os");
        cross("go-windows", Map.of("GOOS", "windows"), "windows/amd64", "pe-exe", "pass");
        cross(
                "go-windows-here",
                Map.of("GOOS", "windows"),
                "linux/amd64",
                "pe-exe",
                "fail wrong-format");
        cross(
                "go-darwin",
                Map.of("GOOS", "darwin", "GOARCH", "arm64"),
                "linux/arm64",
                "macho",
                "fail wrong-format");
        sample(
                "cgo-glibc",
                go(
                        "cgo-glibc",
                        "cgo",
                        Map.of("CGO_ENABLED", "1", "CC", "gcc"),
                        "-ldflags=-s -w -linkmode external -extldflags \"-static\""),
                Policy.STATIC,
                Expectation.of("linux/amd64").withCgo(),
                "static",
                "pass");
        sample(
                "cgo-musl",
                go(
                        "cgo-musl",
                        "cgo",
                        Map.of("CGO_ENABLED", "1", "CC", "musl-gcc"),
                        "-ldflags=-s -w -linkmode external -extldflags \"-static\""),
                Policy.SCRATCH,
                Expectation.of("linux/amd64").withCgo(),
                "static",
                "pass");
        sample(
                "cgo-dynamic",
                go("cgo-dynamic", "cgo", Map.of("CGO_ENABLED", "1", "CC", "gcc")),
                Policy.SCRATCH,
                Expectation.of("linux/amd64").withCgo(),
                "dynamic",
                "fail interp needed");
    }

    private static void cross(
            String name, Map<String, String> env, String platform, String linkage, String verdict) {
        Map<String, String> all = new TreeMap<>(env);
        all.put("CGO_ENABLED", "0");
        sample(name, go(name, "pure", all, "-ldflags=-s -w"), platform, linkage, verdict);
    }

    private static void damaged() {
        String amd64 = "linux/amd64";
        Maker hello = c("whole", "musl-gcc", "-static", "hello.c");
        int flagsOfFirstLoad = 64 + 4;
        sample(
                "cut",
                changed(
                        c("cut", "musl-gcc", "-static", "hello.c"),
                        b -> java.util.Arrays.copyOf(b, b.length / 2)),
                amd64,
                "static",
                "fail truncated");
        sample(
                "false-ident",
                changed(hello, b -> at(b, 4, 1, 2)),
                amd64,
                "static",
                "warn false-ident");
        sample(
                "no-section-headers",
                changed(
                        c("w2", "musl-gcc", "-static", "hello.c"),
                        b -> at(at(b, 0x28, 0, 0, 0, 0, 0, 0, 0, 0), 0x3c, 0, 0, 0, 0)),
                amd64,
                "static",
                "pass");
        sample(
                "no-machine",
                changed(c("w3", "musl-gcc", "-static", "hello.c"), b -> at(b, 18, 0, 0)),
                amd64,
                "static",
                "fail wrong-machine");
        sample(
                "entry-nowhere",
                changed(
                        c("w4", "musl-gcc", "-static", "hello.c"),
                        b -> at(b, 24, 0, 0, 0, 0, 0, 0, 0, 0)),
                amd64,
                "static",
                "fail bad-entry");
        sample(
                "no-load",
                changed(c("w5", "musl-gcc", "-static", "hello.c"), b -> at(b, 56, 0, 0)),
                amd64,
                "static",
                "fail no-load");
        sample(
                "odd-headers",
                changed(c("w6", "musl-gcc", "-static", "hello.c"), b -> at(b, 54, 57, 0)),
                amd64,
                "unreadable",
                "invalid unreadable");
        sample(
                "headers-gone",
                changed(
                        c("w7", "musl-gcc", "-static", "hello.c"),
                        b -> java.util.Arrays.copyOf(b, 40)),
                amd64,
                "unreadable",
                "invalid unreadable");
        sample(
                "type-none",
                changed(c("w8", "musl-gcc", "-static", "hello.c"), b -> at(b, 16, 0, 0)),
                amd64,
                "other-elf",
                "n/a not-a-program");
        sample(
                "packed",
                changed(
                        c("w9", "musl-gcc", "-static", "hello.c"),
                        b ->
                                at(
                                        at(at(b, 0x28, 0, 0, 0, 0, 0, 0, 0, 0), 0x3c, 0, 0, 0, 0),
                                        0x800,
                                        'U',
                                        'P',
                                        'X',
                                        '!')),
                amd64,
                "static",
                "warn packed");
        sample(
                "first-load-rwx",
                changed(
                        c(
                                "w10",
                                "gcc",
                                "-static",
                                "-nostdlib",
                                "-Wl,-z,noseparate-code",
                                "start.c"),
                        b -> at(b, flagsOfFirstLoad, 7)),
                amd64,
                "static",
                "warn rwx");
    }

    private static void noPrograms() {
        String amd64 = "linux/amd64";
        sample(
                "object",
                c("object", "gcc", "-c", "hello.c"),
                amd64,
                "relocatable",
                "n/a not-a-program");
        sample(
                "library",
                c("library", "gcc", "-shared", "-fPIC", "hello.c"),
                amd64,
                "shared-lib",
                "n/a not-a-program");
        sample(
                "library-alone",
                c("library-alone", "gcc", "-shared", "-fPIC", "-nostdlib", "weak.c"),
                amd64,
                "shared-lib",
                "n/a not-a-program");
        sample(
                "script",
                () -> "#!/bin/sh\n".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                amd64,
                "script",
                "n/a not-a-program");
        sample(
                "page",
                () -> "<html>404".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                amd64,
                "none",
                "n/a not-a-program");
    }

    @Test
    void everySampleGetsItsLinkageAndItsVerdict() {
        List<String> wrong = new ArrayList<>();
        SAMPLES.forEach((name, sample) -> {
            Report report = Inspection.of(MemorySegment.ofArray(BUILT.get(name)));
            Verdict verdict = sample.policy().judge(report, sample.expectation());
            String ids =
                    String.join(
                            " ", verdict.reasons().stream().map(Finding::id).distinct().toList());
            String found = (verdict.word() + " " + ids).strip();
            if (!report.linkage().word().equals(sample.linkage())
                    || !found.equals(sample.verdict())) {
                wrong.add(
                        "%s: %s, %s; expected %s, %s"
                                .formatted(
                                        name,
                                        report.linkage().word(),
                                        found,
                                        sample.linkage(),
                                        sample.verdict()));
            }
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void thereAreEnoughSamples() {
        assertThat(SAMPLES).hasSizeGreaterThanOrEqualTo(60);
    }

    @Test
    void everyFindingSaysWhatWasFoundAndWhatHelps() {
        SAMPLES.forEach((name, sample) -> {
            Report report = Inspection.of(MemorySegment.ofArray(BUILT.get(name)));
            for (Finding finding : sample.policy().judge(report, sample.expectation()).reasons()) {
                assertThat(finding.evidence()).as(name).isNotBlank();
                assertThat(finding.cure()).as(name).isNotBlank();
            }
        });
    }
}
