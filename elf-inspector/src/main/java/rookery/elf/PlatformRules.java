package rookery.elf;

import java.util.List;

/// Is it for this operating system and this machine at all?
final class PlatformRules {
    private PlatformRules() {}

    static void judge(Report report, Expectation expectation, List<Finding> findings) {
        Target target = expectation.target();
        boolean wantsPe = target.os().equals("windows");
        boolean isPe = report.facts() instanceof Report.Pe;
        String cure = "build it with GOOS=" + target.os() + " GOARCH=" + target.arch().goName();
        if (report.linkage() instanceof Linkage.MachO || wantsPe != isPe) {
            findings.add(
                    Finding.fail(
                            "wrong-format",
                            "a file for %s, but %s is asked for"
                                    .formatted(report.goos().orElse("another system"), target),
                            cure));
            return;
        }
        report.goos()
                .filter(os -> !os.equals(target.os()))
                .ifPresent(os ->
                        findings.add(
                                Finding.fail(
                                        "wrong-os",
                                        "built for %s, but %s is asked for".formatted(os, target),
                                        cure)));
        if (report.facts() instanceof Report.Elf(ElfFile file, _)) {
            elf(file, target, cure, findings);
        } else if (!report.arch().equals(java.util.Optional.of(target.arch()))) {
            findings.add(
                    Finding.fail(
                            "wrong-machine",
                            report.describe() + "; " + target + " is asked for",
                            cure));
        }
    }

    private static void elf(ElfFile file, Target target, String cure, List<Finding> findings) {
        ElfHeader header = file.header();
        Arch arch = target.arch();
        if (header.machine() != arch.elfMachine()) {
            findings.add(
                    Finding.fail(
                            "wrong-machine",
                            "machine %d%s; %s is %d"
                                    .formatted(
                                            header.machine(),
                                            file.arch()
                                                    .map(a -> " (" + a.goName() + ")")
                                                    .orElse(""),
                                            target,
                                            arch.elfMachine()),
                            cure));
            return;
        }
        if (header.layout().order() != arch.order()) {
            findings.add(
                    Finding.fail(
                            "wrong-endianness",
                            header.layout().words() + "; " + target + " is not",
                            cure));
        }
        if (header.layout().bits() != arch.bits()) {
            findings.add(
                    Finding.fail(
                            "wrong-class",
                            "%d-bit words on a machine of %d bits (x32, n32 or ilp32); common kernels refuse it"
                                    .formatted(header.layout().bits(), arch.bits()),
                            cure));
        }
        if (!header.identIsTrue()) {
            findings.add(
                    Finding.warn(
                            "false-ident",
                            "the file is %s, but its EI_CLASS is %d and its EI_DATA is %d"
                                    .formatted(
                                            header.layout().words(),
                                            header.ident().elfClass(),
                                            header.ident().data()),
                            "find out what changed the header: Linux runs it, other tools misread it"));
        }
    }
}
