package rookery.elf.samples;

/// Programs that were changed after they were linked, and files that are no programs.
class DamagedSamplesTest extends SampleTable {
    @Override
    void table() {
        damaged();
        noPrograms();
    }

    private void damaged() {
        Maker hello = c("whole", "musl-gcc", "-static", "hello.c");
        int flagsOfFirstLoad = 64 + 4;
        sample(
                "cut",
                changed(
                        c("cut", "musl-gcc", "-static", "hello.c"),
                        b -> java.util.Arrays.copyOf(b, b.length / 2)),
                AMD64,
                "static",
                "fail truncated");
        sample(
                "false-ident",
                changed(hello, b -> at(b, 4, 1, 2)),
                AMD64,
                "static",
                "warn false-ident");
        sample(
                "no-section-headers",
                changed(
                        c("w2", "musl-gcc", "-static", "hello.c"),
                        b -> at(at(b, 0x28, 0, 0, 0, 0, 0, 0, 0, 0), 0x3c, 0, 0, 0, 0)),
                AMD64,
                "static",
                "pass");
        sample(
                "no-machine",
                changed(c("w3", "musl-gcc", "-static", "hello.c"), b -> at(b, 18, 0, 0)),
                AMD64,
                "static",
                "fail wrong-machine");
        sample(
                "entry-nowhere",
                changed(
                        c("w4", "musl-gcc", "-static", "hello.c"),
                        b -> at(b, 24, 0, 0, 0, 0, 0, 0, 0, 0)),
                AMD64,
                "static",
                "fail bad-entry");
        sample(
                "no-load",
                changed(c("w5", "musl-gcc", "-static", "hello.c"), b -> at(b, 56, 0, 0)),
                AMD64,
                "static",
                "fail no-load");
        sample(
                "odd-headers",
                changed(c("w6", "musl-gcc", "-static", "hello.c"), b -> at(b, 54, 57, 0)),
                AMD64,
                "unreadable",
                "invalid unreadable");
        sample(
                "headers-gone",
                changed(
                        c("w7", "musl-gcc", "-static", "hello.c"),
                        b -> java.util.Arrays.copyOf(b, 40)),
                AMD64,
                "unreadable",
                "invalid unreadable");
        sample(
                "type-none",
                changed(c("w8", "musl-gcc", "-static", "hello.c"), b -> at(b, 16, 0, 0)),
                AMD64,
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
                AMD64,
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
                AMD64,
                "static",
                "warn rwx");
    }

    private void noPrograms() {
        sample(
                "object",
                c("object", "gcc", "-c", "hello.c"),
                AMD64,
                "relocatable",
                "n/a not-a-program");
        sample(
                "library",
                c("library", "gcc", "-shared", "-fPIC", "hello.c"),
                AMD64,
                "shared-lib",
                "n/a not-a-program");
        sample(
                "library-alone",
                c("library-alone", "gcc", "-shared", "-fPIC", "-nostdlib", "weak.c"),
                AMD64,
                "shared-lib",
                "n/a not-a-program");
        sample(
                "script",
                () -> "#!/bin/sh\n".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                AMD64,
                "script",
                "n/a not-a-program");
        sample(
                "page",
                () -> "<html>404".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                AMD64,
                "none",
                "n/a not-a-program");
    }
}
