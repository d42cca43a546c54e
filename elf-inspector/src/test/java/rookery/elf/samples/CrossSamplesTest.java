package rookery.elf.samples;

/// Debian's cross compilers, and programs without any C library.
class CrossSamplesTest extends SampleTable {
    @Override
    void table() {
        crossC();
        bareC();
    }

    private void crossC() {
        sample(
                "arm64",
                c("arm64", ARM64_GCC, "-static", "hello.c"),
                "linux/arm64",
                "static",
                "pass");
        sample(
                "arm64-static-pie",
                c("arm64-static-pie", ARM64_GCC, "-static-pie", "hello.c"),
                "linux/arm64",
                "static-pie",
                "pass");
        sample(
                "arm64-dynamic",
                c("arm64-dynamic", ARM64_GCC, "hello.c"),
                "linux/arm64",
                "dynamic-pie",
                "fail interp needed");
        sample(
                "arm64-elsewhere",
                c("arm64-elsewhere", ARM64_GCC, "-static", "hello.c"),
                AMD64,
                "static",
                "fail wrong-machine");
        sample(
                "arm64-4k",
                c("arm64-4k", ARM64_GCC, "-static", "-Wl,-z,max-page-size=4096", "hello.c"),
                "linux/arm64",
                "static",
                "warn load-alignment");
        sample(
                "arm64-dlopen",
                c("arm64-dlopen", ARM64_GCC, "-w", "-static", "plugin.c"),
                "linux/arm64",
                "static",
                "warn glibc-dlopen");
        sample(
                "arm64-forced-bti",
                c("arm64-forced-bti", ARM64_GCC, "-w", "-static", "-Wl,-z,force-bti", "hello.c"),
                "linux/arm64",
                "static",
                "fail bti");
        sample(
                "arm64-forced-bti-pie",
                c("arm64-forced-bti-pie", ARM64_GCC, "-static-pie", "-Wl,-z,force-bti", "hello.c"),
                "linux/arm64",
                "static-pie",
                "fail bti");
        sample(
                "arm64-bti",
                c(
                        "arm64-bti",
                        ARM64_GCC,
                        "-static",
                        "-nostdlib",
                        "-mbranch-protection=standard",
                        "start.c"),
                "linux/arm64",
                "static",
                "pass");
        sample(
                "riscv-dlopen",
                c("riscv-dlopen", RISCV64_GCC, "-w", "-static", "plugin.c"),
                "linux/riscv64",
                "static",
                "warn glibc-dlopen");
        sample(
                "riscv-locale",
                c("riscv-locale", RISCV64_GCC, "-static", "locale.c"),
                "linux/riscv64",
                "static",
                "warn glibc-locale");
        sample(
                "riscv-lookup-strip",
                c("riscv-lookup-strip", RISCV64_GCC, "-w", "-s", "-static", "lookup.c"),
                "linux/riscv64",
                "static",
                "warn glibc-nss");
        sample(
                "riscv",
                c("riscv", RISCV64_GCC, "-static", "hello.c"),
                "linux/riscv64",
                "static",
                "pass");
        sample(
                "riscv-dynamic",
                c("riscv-dynamic", RISCV64_GCC, "hello.c"),
                "linux/riscv64",
                "dynamic-pie",
                "fail interp needed");
        sample(
                "riscv-static-pie",
                c("riscv-static-pie", RISCV64_GCC, "-static-pie", "-nostdlib", "data.c"),
                "linux/riscv64",
                "interp-only",
                "fail interp");
        sample(
                "riscv-soft",
                c(
                        "riscv-soft",
                        RISCV64_GCC,
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
                c("riscv-zba", RISCV64_GCC, "-static", "-nostdlib", "-march=rv64gc_zba", "start.c"),
                "linux/riscv64",
                "static",
                "warn cpu-level");
    }

    private void bareC() {
        sample(
                "bare",
                c("bare", "gcc", "-static", "-nostdlib", "start.c"),
                AMD64,
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
                AMD64,
                "static",
                "fail wrong-machine");
        sample(
                "bare-x32",
                c("bare-x32", "gcc", "-mx32", "-static", "-nostdlib", "start.c"),
                AMD64,
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
                AMD64,
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
                AMD64,
                "static",
                "fail ifunc");
    }
}
