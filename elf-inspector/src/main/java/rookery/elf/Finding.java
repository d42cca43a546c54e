package rookery.elf;

/// One reason for a verdict.
///
/// @param id a stable short word
/// @param evidence what was found, and where
/// @param cure what to do about it
public record Finding(String id, Severity severity, String evidence, String cure) {
    /// How much a finding weighs.
    public enum Severity {
        /// It starts, but something needs a file, a kernel or a CPU, or is off.
        WARN,
        /// It does not start where it should, or it is not what was asked for.
        FAIL
    }

    public Finding {
        evidence = Printable.of(evidence);
        cure = Printable.of(cure);
    }

    static Finding warn(String id, String evidence, String cure) {
        return new Finding(id, Severity.WARN, evidence, cure);
    }

    static Finding fail(String id, String evidence, String cure) {
        return new Finding(id, Severity.FAIL, evidence, cure);
    }
}
