package rookery.elf;

import java.util.List;

/// Whether a file is good enough, with every reason.
public sealed interface Verdict {
    record Pass() implements Verdict {}

    /// It starts, but the findings say what it needs or what is odd.
    record Warn(List<Finding> findings) implements Verdict {}

    /// At least one finding fails it; the others are listed too.
    record Fail(List<Finding> findings) implements Verdict {}

    /// The file is no executable image: an archive, a script, a picture.
    record NotApplicable(String what) implements Verdict {}

    /// The file is damaged.
    record Invalid(long offsetBytes, String reason) implements Verdict {}

    /// True when the file may be published: nothing but pass and warn.
    default boolean accepted() {
        return switch (this) {
            case Pass _, Warn _ -> true;
            case Fail _, NotApplicable _, Invalid _ -> false;
        };
    }

    /// The stable word for tables and JSON.
    default String word() {
        return switch (this) {
            case Pass _ -> "pass";
            case Warn _ -> "warn";
            case Fail _ -> "fail";
            case NotApplicable _ -> "n/a";
            case Invalid _ -> "invalid";
        };
    }

    /// Every reason; for files that are no program at all one that says so.
    default List<Finding> reasons() {
        return switch (this) {
            case Pass _ -> List.of();
            case Warn(List<Finding> findings) -> findings;
            case Fail(List<Finding> findings) -> findings;
            case NotApplicable(String what) ->
                    List.of(Finding.fail("not-a-program", what, "name the linked program"));
            case Invalid(long offset, String reason) ->
                    List.of(
                            Finding.fail(
                                    "unreadable",
                                    "byte " + Long.toUnsignedString(offset) + ": " + reason,
                                    "build or copy the file again"));
        };
    }

    static Verdict of(List<Finding> findings) {
        if (findings.isEmpty()) {
            return new Pass();
        }
        return findings.stream().anyMatch(f -> f.severity() == Finding.Severity.FAIL)
                ? new Fail(List.copyOf(findings))
                : new Warn(List.copyOf(findings));
    }
}
