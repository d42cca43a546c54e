package rookery.elf.samples;

import rookery.elf.Expectation;
import rookery.elf.Kernel;
import rookery.elf.Policy;

/// Debian's gcc and glibc.
class GlibcSamplesTest extends SampleTable {
    @Override
    void table() {
        glibc();
    }

    private void glibc() {
        sample("glibc", c("glibc", "gcc", "-static", "hello.c"), AMD64, "static", "pass");
        sample(
                "glibc-strip",
                c("glibc-strip", "gcc", "-static", "-s", "hello.c"),
                AMD64,
                "static",
                "pass");
        sample(
                "glibc-static-pie",
                c("glibc-static-pie", "gcc", "-static-pie", "hello.c"),
                AMD64,
                "static-pie",
                "pass");
        sample(
                "glibc-pie-static",
                c("glibc-pie-static", "gcc", "-pie", "-static", "hello.c"),
                AMD64,
                "static",
                "pass");
        sample(
                "glibc-dynamic",
                c("glibc-dynamic", "gcc", "hello.c"),
                AMD64,
                "dynamic-pie",
                "fail interp needed");
        sample(
                "glibc-dynamic-exec",
                c("glibc-dynamic-exec", "gcc", "-no-pie", "hello.c"),
                AMD64,
                "dynamic",
                "fail interp needed");
        sample(
                "glibc-no-interp",
                c("glibc-no-interp", "gcc", "-pie", "-Wl,--no-dynamic-linker", "hello.c"),
                AMD64,
                "needed-no-interp",
                "fail needed-without-interp needed");
        sample(
                "glibc-lookup",
                c("glibc-lookup", "gcc", "-w", "-static", "lookup.c"),
                AMD64,
                "static",
                "warn glibc-nss");
        sample(
                "glibc-lookup-strip",
                c("glibc-lookup-strip", "gcc", "-w", "-s", "-static", "lookup.c"),
                AMD64,
                "static",
                "warn glibc-nss");
        sample(
                "glibc-user",
                c("glibc-user", "gcc", "-w", "-static", "user.c"),
                AMD64,
                "static",
                "warn glibc-nss");
        sample(
                "glibc-user-strip",
                c("glibc-user-strip", "gcc", "-w", "-s", "-static", "user.c"),
                AMD64,
                "static",
                "warn glibc-nss");
        sample(
                "glibc-dlopen",
                c("glibc-dlopen", "gcc", "-w", "-static", "plugin.c"),
                AMD64,
                "static",
                "warn glibc-dlopen");
        sample(
                "glibc-iconv",
                c("glibc-iconv", "gcc", "-w", "-static", "charset.c"),
                AMD64,
                "static",
                "warn glibc-iconv");
        sample(
                "glibc-locale",
                c("glibc-locale", "gcc", "-static", "locale.c"),
                AMD64,
                "static",
                "warn glibc-locale");
        sample(
                "glibc-clock",
                c("glibc-clock", "gcc", "-static", "-s", "clock.c"),
                AMD64,
                "static",
                "warn time-zone");
        sample(
                "glibc-shell",
                c("glibc-shell", "gcc", "-static", "-s", "shell.c"),
                AMD64,
                "static",
                "warn shell");
        sample(
                "glibc-ifunc",
                c("glibc-ifunc", "gcc", "-static", "ifunc.c"),
                AMD64,
                "static",
                "pass");
        sample(
                "glibc-leak",
                c("glibc-leak", "gcc", "-static", "leak.c"),
                AMD64,
                "static",
                "warn leaked-path");
        sample(
                "glibc-execstack",
                c("glibc-execstack", "gcc", "-static", "-z", "execstack", "hello.c"),
                AMD64,
                "static",
                "warn exec-stack");
        sample(
                "glibc-rwx",
                c("glibc-rwx", "gcc", "-static", "-nostdlib", "-Wl,-N", "start.c"),
                AMD64,
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
                AMD64,
                "static",
                "fail undefined-symbol");
        sample("glibc-weak", c("glibc-weak", "gcc", "-static", "weak.c"), AMD64, "static", "pass");
        sample(
                "glibc-old-kernel",
                c("glibc-old-kernel", "gcc", "-static", "hello.c"),
                Policy.SCRATCH,
                Expectation.of(AMD64).withKernel(Kernel.parse("2.6.32")),
                "static",
                "fail kernel-floor");
        sample(
                "glibc-new-kernel",
                c("glibc-new-kernel", "gcc", "-static", "hello.c"),
                Policy.SCRATCH,
                Expectation.of(AMD64).withKernel(Kernel.parse("3.2")),
                "static",
                "pass");
        sample(
                "hardened",
                c("hardened", "gcc", "-O2", "-static-pie", "-Wl,-z,relro,-z,now", "hello.c"),
                Policy.HARDENED,
                Expectation.of(AMD64),
                "static-pie",
                "warn no-fortify");
        sample(
                "not-hardened",
                c("not-hardened", "gcc", "-static", "-Wl,-z,norelro", "hello.c"),
                Policy.HARDENED,
                Expectation.of(AMD64),
                "static",
                "fail no-pie no-relro no-fortify");
    }
}
