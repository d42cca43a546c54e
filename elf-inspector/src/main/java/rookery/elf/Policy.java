package rookery.elf;

import java.util.ArrayList;
import java.util.List;

/// What is demanded of a binary.
public enum Policy {
    /// It is a static program for its platform; what it may want at run time is not asked.
    STATIC,
    /// It starts in an empty root on its platform, and whatever it will miss there is named.
    SCRATCH,
    /// As SCRATCH, and the linker and compiler did what they can against attackers.
    HARDENED;

    /// Compares what a file is with what it should be.
    public Verdict judge(Report report, Expectation expectation) {
        return switch (report.linkage()) {
            case Linkage.Unreadable(long offset, String reason) ->
                    new Verdict.Invalid(offset, reason);
            case Linkage.SharedLibrary _,
                    Linkage.Loader _,
                    Linkage.Relocatable _,
                    Linkage.DebugOnly _,
                    Linkage.Core _,
                    Linkage.OtherElf _,
                    Linkage.Archive _,
                    Linkage.PeDll _,
                    Linkage.Script _,
                    Linkage.None _ ->
                    new Verdict.NotApplicable(report.describe());
            case Linkage.Static _,
                    Linkage.Dynamic _,
                    Linkage.InterpOnly _,
                    Linkage.NeededNoInterp _,
                    Linkage.PeExe _,
                    Linkage.MachO _ ->
                    Verdict.of(findings(report, expectation));
        };
    }

    private List<Finding> findings(Report report, Expectation expectation) {
        List<Finding> findings = new ArrayList<>();
        PlatformRules.judge(report, expectation, findings);
        switch (report.facts()) {
            case Report.Elf elf -> {
                ElfRules.judge(report, elf, findings);
                switch (this) {
                    case STATIC -> {}
                    case SCRATCH -> ScratchRules.judge(report, elf, expectation, findings);
                    case HARDENED -> {
                        ScratchRules.judge(report, elf, expectation, findings);
                        HardenedRules.judge(report, elf, findings);
                    }
                }
            }
            case Report.Pe pe -> {
                PeRules.judge(pe.file(), findings);
                switch (this) {
                    case STATIC, SCRATCH -> {}
                    case HARDENED -> PeRules.harden(pe.file(), findings);
                }
            }
            case Report.Ar _, Report.Bare _ -> {}
        }
        GoRules.judge(report, expectation, findings);
        return findings;
    }
}
