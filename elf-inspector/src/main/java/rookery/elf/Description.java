package rookery.elf;

import java.util.List;
import rookery.elf.ar.ArFile;
import rookery.elf.pe.PeFile;

/// Puts a report into one line.
final class Description {
    private Description() {}

    static String of(Report report) {
        StringBuilder line = new StringBuilder(kind(report.linkage()));
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

    private static String kind(Linkage linkage) {
        return switch (linkage) {
            case Linkage.Static(boolean pie) -> "static" + (pie ? " (pie)" : "");
            case Linkage.Dynamic(boolean pie, List<String> needed, String interpreter) ->
                    "dynamic%s, needs %s and the loader %s,"
                            .formatted(pie ? " (pie)" : "", String.join(", ", needed), interpreter);
            case Linkage.InterpOnly(String interpreter) ->
                    "needs the loader " + interpreter + " but no library,";
            case Linkage.NeededNoInterp(List<String> needed) ->
                    "needs " + String.join(", ", needed) + " but names no loader,";
            case Linkage.SharedLibrary _ -> "shared library";
            case Linkage.Loader _ -> "dynamic loader";
            case Linkage.Relocatable _ -> "object file";
            case Linkage.DebugOnly _ -> "debug information without code";
            case Linkage.Core _ -> "core dump";
            case Linkage.OtherElf(int type) -> "ELF file of type " + type;
            case Linkage.Archive(boolean thin) -> thin ? "thin archive" : "archive";
            case Linkage.PeExe(List<String> imports) ->
                    "program, imports "
                            + (imports.isEmpty() ? "nothing" : String.join(", ", imports))
                            + ",";
            case Linkage.PeDll _ -> "DLL";
            case Linkage.MachO _ -> "Mach-O file";
            case Linkage.Script(String interpreter) -> "script for " + interpreter;
            case Linkage.None _ -> "not an object file";
            case Linkage.Unreadable(long offset, String reason) ->
                    "damaged: byte " + Long.toUnsignedString(offset) + ": " + reason;
        };
    }

    private static String platform(Report report) {
        return switch (report.facts()) {
            case Report.Elf(ElfFile file, _) ->
                    report.goos().orElse("linux")
                            + "/"
                            + report.arch()
                                    .map(Arch::goName)
                                    .orElse("machine " + file.header().machine());
            case Report.Pe(PeFile file) ->
                    "windows/"
                            + report.arch()
                                    .map(Arch::goName)
                                    .orElse("machine 0x" + Integer.toHexString(file.machine()));
            case Report.Ar(ArFile file) ->
                    "of %d member%s"
                            .formatted(
                                    file.members().size(), file.members().size() == 1 ? "" : "s");
            case Report.Bare _ ->
                    report.linkage() instanceof Linkage.Archive ? "of AIX, not looked into" : "";
        };
    }

    private static String libc(Libc libc) {
        String name = libc.kind() == Libc.Kind.GO ? "no libc" : libc.kind().word();
        return name
                + libc.version().map(v -> " " + v).orElse("")
                + (libc.certain() ? "" : " (likely)");
    }
}
