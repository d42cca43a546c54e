package rookery.elf.samples;

import java.util.Map;
import java.util.TreeMap;
import rookery.elf.Expectation;
import rookery.elf.Kernel;
import rookery.elf.Policy;

/// Go, with and without C.
class GoTableTest extends SampleTable {
    @Override
    void table() {
        goPrograms();
    }

    private void goPrograms() {
        Map<String, String> off = Map.of("CGO_ENABLED", "0");
        sample("go", go("go", "pure", off), AMD64, "static", "pass");
        sample("go-strip", go("go-strip", "pure", off, "-ldflags=-s -w"), AMD64, "static", "pass");
        sample(
                "go-pie",
                go("go-pie", "pure", off, "-buildmode=pie"),
                AMD64,
                "interp-only",
                "fail interp");
        sample(
                "go-web",
                go("go-web", "web", off, "-ldflags=-s -w"),
                AMD64,
                "static",
                "warn go-certificates time-zone");
        sample(
                "go-web-tz",
                go("go-web-tz", "web", off, "-ldflags=-s -w", "-tags=timetzdata"),
                AMD64,
                "static",
                "warn go-certificates");
        sample(
                "go-no-cgo",
                go("go-no-cgo", "pure", off),
                Policy.SCRATCH,
                Expectation.of(AMD64).withCgo(),
                "static",
                "fail cgo-off");
        sample(
                "go-old-kernel",
                go("go-old-kernel", "pure", off),
                Policy.SCRATCH,
                Expectation.of(AMD64).withKernel(Kernel.parse("2.6.18")),
                "static",
                "fail kernel-floor");
        sample(
                "go-v3",
                go("go-v3", "pure", Map.of("CGO_ENABLED", "0", "GOAMD64", "v3")),
                AMD64,
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
        cross("go-freebsd", Map.of("GOOS", "freebsd"), AMD64, "static", "fail wrong-os");
        cross("go-windows", Map.of("GOOS", "windows"), "windows/amd64", "pe-exe", "pass");
        cross("go-windows-here", Map.of("GOOS", "windows"), AMD64, "pe-exe", "fail wrong-format");
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
                Expectation.of(AMD64).withCgo(),
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
                Expectation.of(AMD64).withCgo(),
                "static",
                "pass");
        sample(
                "cgo-dynamic",
                go("cgo-dynamic", "cgo", Map.of("CGO_ENABLED", "1", "CC", "gcc")),
                Policy.SCRATCH,
                Expectation.of(AMD64).withCgo(),
                "dynamic",
                "fail interp needed");
    }

    private void cross(
            String name, Map<String, String> env, String platform, String linkage, String verdict) {
        Map<String, String> all = new TreeMap<>(env);
        all.put("CGO_ENABLED", "0");
        sample(name, go(name, "pure", all, "-ldflags=-s -w"), platform, linkage, verdict);
    }
}
