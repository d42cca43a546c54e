package rookery.cli.inspect;

import rookery.elf.Report;
import rookery.elf.Verdict;

/// One file with what was found and what was said of it.
///
/// @param asked the user named this very file
public record Inspected(String name, boolean asked, Report report, Verdict verdict) {
    /// True when the exit code must say no. A library found below a directory is no failed program.
    public boolean refused() {
        return switch (verdict) {
            case Verdict.Pass _, Verdict.Warn _ -> false;
            case Verdict.Fail _, Verdict.Invalid _ -> true;
            case Verdict.NotApplicable _ -> asked;
        };
    }
}
