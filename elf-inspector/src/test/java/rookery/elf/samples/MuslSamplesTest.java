package rookery.elf.samples;

/// Debian's musl-gcc.
class MuslSamplesTest extends SampleTable {
    @Override
    void table() {
        musl();
    }

    private void musl() {
        sample("musl", c("musl", "musl-gcc", "-static", "hello.c"), AMD64, "static", "pass");
        sample(
                "musl-strip",
                c("musl-strip", "musl-gcc", "-static", "-s", "hello.c"),
                AMD64,
                "static",
                "pass");
        sample(
                "musl-dynamic",
                c("musl-dynamic", "musl-gcc", "hello.c"),
                AMD64,
                "dynamic-pie",
                "fail interp needed");
        sample(
                "musl-static-pie",
                c("musl-static-pie", "musl-gcc", "-static-pie", "hello.c"),
                AMD64,
                "dynamic-pie",
                "fail interp needed");
        sample(
                "musl-dlopen",
                c("musl-dlopen", "musl-gcc", "-static", "-s", "plugin.c"),
                AMD64,
                "static",
                "warn musl-dlopen");
        sample(
                "musl-lookup",
                c("musl-lookup", "musl-gcc", "-static", "lookup.c"),
                AMD64,
                "static",
                "pass");
        sample(
                "musl-iconv",
                c("musl-iconv", "musl-gcc", "-static", "charset.c"),
                AMD64,
                "static",
                "pass");
        sample(
                "musl-clock",
                c("musl-clock", "musl-gcc", "-static", "-s", "clock.c"),
                AMD64,
                "static",
                "warn time-zone");
        sample(
                "musl-shell",
                c("musl-shell", "musl-gcc", "-static", "-s", "shell.c"),
                AMD64,
                "static",
                "warn shell");
        sample(
                "musl-ifunc",
                c("musl-ifunc", "musl-gcc", "-static", "ifunc.c"),
                AMD64,
                "static",
                "fail ifunc");
    }
}
