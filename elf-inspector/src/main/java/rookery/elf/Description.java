package rookery.elf;

import rookery.elf.ar.ArFile;
import rookery.elf.pe.PeFile;

/// Puts a report into one line.
final class Description {
    private Description() {}

    static String of(Report report) {
        StringBuilder line = new StringBuilder(report.linkage().describe());
        String platform = platform(report);
        if (!platform.isEmpty()) {
            line.append(' ').append(platform);
        }
        if (report.libc().kind() != Libc.Kind.NONE) {
            line.append(", ").append(libc(report.libc()));
        }
        report.go()
                .ifPresent(go ->
                        line.append(", Go ")
                                .append(go.version())
                                .append(report.hasCgo() ? " cgo" : ""));
        return Printable.of(line.toString());
    }

    private static String platform(Report report) {
        Report.Facts facts = report.facts();
        if (facts instanceof Report.Elf(ElfFile file, _)) {
            return report.goos().orElse("linux")
                    + "/"
                    + report.arch().map(Arch::goName).orElse("machine " + file.header().machine());
        }
        if (facts instanceof Report.Pe(PeFile file)) {
            return "windows/"
                    + report.arch()
                            .map(Arch::goName)
                            .orElse("machine 0x" + Integer.toHexString(file.machine()));
        }
        if (facts instanceof Report.Ar(ArFile file)) {
            int members = file.members().size();
            return "of " + members + (members == 1 ? " member" : " members");
        }
        return report.linkage() instanceof Linkage.Archive ? "of AIX, not looked into" : "";
    }

    private static String libc(Libc libc) {
        String name = libc.kind() == Libc.Kind.GO ? "no libc" : libc.kind().word();
        return name
                + libc.version().map(v -> " " + v).orElse("")
                + (libc.certain() ? "" : " (likely)");
    }
}
