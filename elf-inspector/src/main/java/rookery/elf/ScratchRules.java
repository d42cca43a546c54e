package rookery.elf;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// What a static program will miss in an empty root, or on another kernel of its platform.
final class ScratchRules {
    private static final int ARM_EABI_SHIFT = 24;
    private static final int ARM_HARD_FLOAT = 0x400;
    private static final int RISCV_FLOAT_MASK = 6;
    private static final int RISCV_DOUBLE_FLOAT = 4;

    private ScratchRules() {}

    static void judge(
            Report report, Report.Elf elf, Expectation expectation, List<Finding> findings) {
        ElfFile file = elf.file();
        stack(file, findings);
        floatAbi(file, expectation, findings);
        alignment(file, expectation, findings);
        level(file, expectation, findings);
        elf.contents().ifPresent(contents -> contents(report, contents, findings));
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

    private static void alignment(ElfFile file, Expectation expectation, List<Finding> findings) {
        long page = expectation.target().arch().largestPageBytes();
        for (Extent load : file.loads()) {
            if (Long.compareUnsigned(load.align(), page) < 0) {
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
            if (note instanceof Note.X86Needs needs
                    && expectation.target().arch() == Arch.AMD64
                    && needs.highestLevel() > expectation.target().level()) {
                findings.add(
                        Finding.fail(
                                "cpu-level",
                                "the code needs x86-64-v%d, but %s is asked for"
                                        .formatted(needs.highestLevel(), expectation.target()),
                                "compile with -march=x86-64"
                                        + (expectation.target().level() > 1
                                                ? "-v" + expectation.target().level()
                                                : "")));
            }
        }
    }

    private static void contents(Report report, Contents contents, List<Finding> findings) {
        if (contents.packed() >= 0) {
            findings.add(
                    Finding.warn(
                            "packed",
                            "packed by UPX (mark at byte %d): what it contains cannot be seen"
                                    .formatted(contents.packed()),
                            "publish the file as it was before packing"));
        }
        switch (report.libc().kind()) {
            case GLIBC -> glibc(contents, findings);
            case MUSL -> musl(contents, findings);
            case GO, MSVCRT, UNKNOWN, NONE -> {}
        }
    }

    private static void glibc(Contents contents, List<Finding> findings) {
        SortedSet<String> lookups = new TreeSet<>();
        for (String symbol : contents.telling()) {
            if (symbol.startsWith("get")) {
                lookups.add(symbol);
            }
        }
        if (!lookups.isEmpty() || contents.has(Mark.GLIBC_NSS)) {
            findings.add(
                    Finding.warn(
                            "glibc-nss",
                            lookups.isEmpty()
                                    ? "glibc's name service code at byte "
                                            + contents.marks().get(Mark.GLIBC_NSS)
                                    : "glibc's " + String.join(", ", lookups),
                            "hosts need /etc/hosts and /etc/resolv.conf, users /etc/passwd, groups /etc/group; or build against musl, or with -tags netgo,osusergo"));
        }
        if (contents.telling().contains("iconv_open")) {
            findings.add(
                    Finding.warn(
                            "glibc-iconv",
                            "glibc's iconv_open is linked in; most character sets are in files that an empty root has not",
                            "build against musl or libiconv, which have them built in"));
        }
    }

    private static void musl(Contents contents, List<Finding> findings) {
        if (contents.has(Mark.MUSL_DLOPEN)) {
            findings.add(
                    Finding.warn(
                            "musl-dlopen",
                            "musl's dlopen for static programs is linked in (text at byte %d); it always fails"
                                    .formatted(contents.marks().get(Mark.MUSL_DLOPEN)),
                            "build what would be loaded into the program"));
        }
    }
}
