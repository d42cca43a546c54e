package rookery.elf;

import java.util.List;

/// Did linker and compiler do what they can against attackers?
final class HardenedRules {
    private HardenedRules() {}

    static void judge(Report report, Report.Elf elf, List<Finding> findings) {
        Hardening hardening = Hardening.of(elf.file(), elf.contents(), report.linkage());
        if (!hardening.pie()) {
            findings.add(
                    Finding.fail(
                            "no-pie",
                            "loaded at the same address every time (ET_EXEC)",
                            "build with -buildmode=pie and -extldflags -static-pie, C code with -fPIE"));
        }
        switch (hardening.relro()) {
            case NONE ->
                    findings.add(
                            Finding.fail(
                                    "no-relro",
                                    "relocated tables stay writable (no PT_GNU_RELRO)",
                                    "link with -z relro -z now"));
            case PARTIAL ->
                    findings.add(
                            Finding.warn(
                                    "partial-relro",
                                    "PT_GNU_RELRO without immediate binding",
                                    "link with -z now"));
            case FULL -> {}
        }
        if (!hardening.noExecStack()) {
            findings.add(
                    Finding.fail(
                            "no-nx",
                            "nothing forbids code on the stack (PT_GNU_STACK)",
                            "link with -z noexecstack"));
        }
        if (report.libc().kind() != Libc.Kind.GO) {
            code(hardening, findings);
        }
        hardening
                .runpath()
                .ifPresent(path ->
                        findings.add(
                                Finding.warn(
                                        "runpath",
                                        "looks for libraries in " + path,
                                        "link without -rpath")));
    }

    private static void code(Hardening hardening, List<Finding> findings) {
        if (hardening.canary() == Hardening.Answer.NO) {
            findings.add(
                    Finding.warn(
                            "no-canary",
                            "no function checks its stack frame",
                            "compile with -fstack-protector-strong"));
        }
        if (hardening.fortify() == Hardening.Answer.NO) {
            findings.add(
                    Finding.warn(
                            "no-fortify",
                            "no call checks its buffer",
                            "compile with -O2 -D_FORTIFY_SOURCE=2"));
        }
    }
}
