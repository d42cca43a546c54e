package rookery.elf.samples;

/// The portable toolchain's compiler and linker, which make what the farm publishes. Only one
/// sample links a whole C library: zig builds it first.
class ZigSamplesTest extends SampleTable {
    private static final String AMD64_MUSL = "x86_64-linux-musl";
    private static final String ARM64_MUSL = "aarch64-linux-musl";
    private static final String RISCV64_MUSL = "riscv64-linux-musl";
    private static final String MINGW = "x86_64-windows-gnu";

    private Maker zig(String name, String target, String... arguments) {
        return () -> Zig.find().compile(dir, name, target, arguments);
    }

    @Override
    void table() {
        sample(
                "zig-amd64",
                zig("zig-amd64", AMD64_MUSL, "-static", "-s", "hello.c"),
                AMD64,
                "static",
                "pass");
        sample(
                "zig-amd64-dynamic",
                zig("zig-amd64-dynamic", AMD64_MUSL, "-dynamic", "hello.c"),
                AMD64,
                "dynamic",
                "fail interp needed");
        sample(
                "zig-amd64-dlopen",
                zig("zig-amd64-dlopen", AMD64_MUSL, "-static", "-s", "plugin.c"),
                AMD64,
                "static",
                "warn musl-dlopen");
        // Without a C library, zig does not heed -static-pie.
        sample(
                "zig-amd64-no-pie",
                zig("zig-amd64-no-pie", AMD64_MUSL, "-static-pie", "-nostdlib", "start.c"),
                AMD64,
                "static",
                "pass");
        sample(
                "zig-arm64",
                zig("zig-arm64", ARM64_MUSL, "-static", "-nostdlib", "start.c"),
                "linux/arm64",
                "static",
                "pass");
        sample(
                "zig-arm64-elsewhere",
                zig("zig-arm64-elsewhere", ARM64_MUSL, "-static", "-nostdlib", "start.c"),
                AMD64,
                "static",
                "fail wrong-machine");
        sample(
                "zig-riscv64",
                zig("zig-riscv64", RISCV64_MUSL, "-static", "-nostdlib", "start.c"),
                "linux/riscv64",
                "static",
                "pass");
        sample(
                "zig-windows",
                zig("zig-windows.exe", MINGW, "-nostdlib", "windows.c", "-lkernel32"),
                "windows/amd64",
                "pe-exe",
                "pass");
        sample(
                "zig-windows-here",
                zig("zig-windows-here.exe", MINGW, "-nostdlib", "windows.c", "-lkernel32"),
                AMD64,
                "pe-exe",
                "fail wrong-format");
    }
}
