package rookery.elf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a static program will miss in an empty root, or on another kernel of its platform.
final class ScratchRules {
    private static final int ARM_EABI_SHIFT = 24;
    private static final int ARM_HARD_FLOAT = 0x400;
    private static final int RISCV_FLOAT_MASK = 6;
    private static final int RISCV_DOUBLE_FLOAT = 4;

    private static final int MAX_EXTENSIONS = 256;

    /// Extensions that every machine of linux/riscv64 has, and names for parts of them.
    private static final List<String> RV64GC =
            List.of(
                    "rv64i",
                    "m",
                    "a",
                    "f",
                    "d",
                    "c",
                    "zicsr",
                    "zifencei",
                    "zmmul",
                    "zaamo",
                    "zalrsc",
                    "zca",
                    "zcd");

    private ScratchRules() {}

    static void judge(
            Report report, Report.Elf elf, Expectation expectation, List<Finding> findings) {
        ElfFile file = elf.file();
        stack(file, findings);
        if (report.libc().kind() != Libc.Kind.GO) {
            // Go has a calling convention of its own; its programs' flags say nothing.
            floatAbi(file, expectation, findings);
        }
        alignment(file, expectation, findings);
        level(file, expectation, findings);
        kernel(report, expectation, findings);
        elf.contents()
                .ifPresent(contents -> {
                    contents.origins()
                            .attributes()
                            .ifPresent(a -> attributes(a, file, expectation.target(), findings));
                    ContentRules.judge(report, contents, findings);
                });
    }

    private static void stack(ElfFile file, List<Finding> findings) {
        for (Segment segment : file.segments()) {
            if (segment instanceof Segment.Stack(Extent extent) && extent.executable()) {
                findings.add(
                        Finding.warn(
                                "exec-stack",
                                "the stack is executable (PT_GNU_STACK)",
                                "find the assembler file without a .note.GNU-stack section, or link with -z noexecstack"));
            }
            if (segment instanceof Segment.Load(Extent extent)
                    && extent.executable()
                    && extent.writable()) {
                findings.add(
                        Finding.warn(
                                "rwx",
                                "the segment at byte %d is writable and executable"
                                        .formatted(extent.offset()),
                                "link with -z separate-code"));
            }
        }
    }

    /// A static program brings its own library, so a foreign float ABI runs; but its objects are
    /// not what was asked for.
    private static void floatAbi(ElfFile file, Expectation expectation, List<Finding> findings) {
        int flags = file.header().flags();
        switch (expectation.target().arch()) {
            case RISCV64 -> {
                if (file.header().machine() == Arch.RISCV64.elfMachine()
                        && (flags & RISCV_FLOAT_MASK) != RISCV_DOUBLE_FLOAT) {
                    findings.add(
                            Finding.warn(
                                    "float-abi",
                                    "e_flags 0x%x: not the double-float ABI (lp64d)"
                                            .formatted(flags),
                                    "compile with -march=rv64gc -mabi=lp64d"));
                }
            }
            case ARM -> {
                if (file.header().machine() == Arch.ARM.elfMachine()) {
                    arm(flags, findings);
                }
            }
            case AMD64,
                    I386,
                    ARM64,
                    PPC64LE,
                    PPC64,
                    S390X,
                    LOONG64,
                    MIPS64,
                    MIPS64LE,
                    MIPS,
                    MIPSLE,
                    RISCV32,
                    PPC -> {}
        }
    }

    private static void arm(int flags, List<Finding> findings) {
        if (flags >>> ARM_EABI_SHIFT == 0) {
            findings.add(
                    Finding.fail(
                            "float-abi",
                            "e_flags 0x%x: the old ARM ABI, which kernels for 64-bit machines refuse"
                                    .formatted(flags),
                            "compile for the EABI (arm-linux-musleabihf)"));
        } else if ((flags & ARM_HARD_FLOAT) == 0) {
            findings.add(
                    Finding.warn(
                            "float-abi",
                            "e_flags 0x%x: not the hard-float ABI".formatted(flags),
                            "compile with -mfloat-abi=hard, or use GOARM=5 throughout"));
        }
    }

    /// With pages larger than its segments' alignment, two segments would share a page, or a
    /// segment would begin inside of one.
    private static void alignment(ElfFile file, Expectation expectation, List<Finding> findings) {
        long page = expectation.target().arch().largestPageBytes();
        List<Extent> loads = file.loads();
        for (Extent load : loads) {
            boolean shares = loads.size() > 1 && Long.compareUnsigned(load.align(), page) < 0;
            boolean begins = ((load.address() - load.offset()) & (page - 1)) != 0;
            if (shares || begins) {
                findings.add(
                        Finding.warn(
                                "load-alignment",
                                "segments are aligned to %d bytes; kernels with pages of %d KiB will not start it"
                                        .formatted(load.align(), page >> 10),
                                "link with -z max-page-size=" + page));
                return;
            }
        }
    }

    private static void level(ElfFile file, Expectation expectation, List<Finding> findings) {
        for (Note note : file.notes()) {
            if (note instanceof Note.Properties needs
                    && expectation.target().arch() == Arch.AMD64
                    && needs.x86Level() > expectation.target().level()) {
                findings.add(
                        Finding.fail(
                                "cpu-level",
                                "the code needs x86-64-v%d, but %s is asked for"
                                        .formatted(needs.x86Level(), expectation.target()),
                                "compile with -march=x86-64"
                                        + (expectation.target().level() > 1
                                                ? "-v" + expectation.target().level()
                                                : "")));
            }
        }
    }

    /// glibc's start-up code looks at the kernel's version and gives up on an older one; Go's
    /// runtime uses calls that an older one has not.
    private static void kernel(Report report, Expectation expectation, List<Finding> findings) {
        Optional<Kernel> floor = report.kernelFloor();
        Optional<Kernel> oldest = expectation.kernel();
        if (floor.isPresent() && oldest.isPresent() && floor.get().compareTo(oldest.get()) > 0) {
            findings.add(
                    Finding.fail(
                            "kernel-floor",
                            "needs Linux %s, but %s is asked for"
                                    .formatted(floor.get(), oldest.get()),
                            "build with a C library and a Go release that still serve Linux "
                                    + oldest.get()));
        }
    }

    /// What the objects were compiled for. A warning only: code for a newer CPU may be behind a
    /// check at run time, and the linker keeps the highest claim of all objects.
    private static void attributes(
            Attributes attributes, ElfFile file, Target target, List<Finding> findings) {
        if (target.arch() == Arch.RISCV64
                && file.header().machine() == target.arch().elfMachine()) {
            List<String> extra =
                    attributes.riscvArch().map(ScratchRules::beyondBaseline).orElse(List.of());
            if (!extra.isEmpty()) {
                findings.add(
                        Finding.warn(
                                "cpu-level",
                                "objects were compiled for %s, which %s does not promise"
                                        .formatted(String.join(", ", extra), target),
                                "compile with -march=rv64gc"));
            }
        }
        if (target.arch() == Arch.ARM && file.header().machine() == target.arch().elfMachine()) {
            attributes
                    .armVersion()
                    .filter(version -> version > target.level())
                    .ifPresent(version ->
                            findings.add(
                                    Finding.warn(
                                            "cpu-level",
                                            "objects were compiled for ARMv%d, but %s is asked for"
                                                    .formatted(version, target),
                                            "compile with -march=armv" + target.level())));
        }
    }

    private static List<String> beyondBaseline(String arch) {
        List<String> extra = new ArrayList<>();
        String[] parts = arch.split("_", MAX_EXTENSIONS);
        for (String part : parts) {
            // "m2p0": the name, then the version.
            String name = part.replaceAll("\\d+p\\d+$", "");
            if (!RV64GC.contains(name) && !name.isEmpty()) {
                extra.add(name);
            }
        }
        return extra;
    }
}
