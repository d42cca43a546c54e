package rookery.elf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A policy of one's own: a built-in one, and rules that change it, each with its reason.
///
/// ```
/// base scratch
/// allow glibc-nss because the runtime mounts resolv.conf
/// deny leaked-path because our sources are nobody's business
/// require libc musl because we ship nothing else
/// require go at-least 1.24 because of CVE-2025-22871
/// deny library openssl below 3.0.8 because of CVE-2023-0286
/// ```
///
/// A line is a rule; `#` begins a comment.
public record Rules(Policy base, List<Rule> rules) {
    /// What a line may say.
    public sealed interface Rule {
        String reason();

        /// Findings under this id weigh so much; empty for none at all.
        record Weigh(String finding, Optional<Finding.Severity> severity, String reason)
                implements Rule {}

        /// The file must have one of these words as its libc or linkage.
        record OneOf(Fact fact, List<String> words, String reason) implements Rule {}

        /// Go must not be older.
        record GoAtLeast(String version, String reason) implements Rule {}

        /// The library must not be in, or not in a version below.
        record NoLibrary(String library, Optional<String> below, String reason) implements Rule {}
    }

    /// What can be required by word.
    public enum Fact {
        LIBC,
        LINKAGE
    }

    public Rules {
        rules = List.copyOf(rules);
    }

    /// Reads a rules file.
    ///
    /// @throws IllegalArgumentException with the number of the line that cannot be understood
    public static Rules parse(String text) {
        return RulesParser.parse(text);
    }

    /// Judges by the base policy, then applies the rules in their order.
    public Verdict judge(Report report, Expectation expectation) {
        Verdict plain = base.judge(report, expectation);
        return switch (plain) {
            case Verdict.NotApplicable _, Verdict.Invalid _ -> plain;
            case Verdict.Pass _, Verdict.Warn _, Verdict.Fail _ ->
                    Verdict.of(apply(report, expectation, plain.reasons()));
        };
    }

    private List<Finding> apply(Report report, Expectation expectation, List<Finding> plain) {
        List<Finding> findings = new ArrayList<>(plain);
        // A rule may weigh what the base policy does not look for.
        List<Finding> all = Policy.HARDENED.judge(report, expectation).reasons();
        for (Rule rule : rules) {
            switch (rule) {
                case Rule.Weigh(String id, var severity, String reason) ->
                        weigh(findings, all, id, severity, reason);
                case Rule.OneOf(Fact fact, List<String> words, String reason) -> {
                    String found =
                            switch (fact) {
                                case LIBC -> report.libc().kind().word();
                                case LINKAGE -> report.linkage().word();
                            };
                    if (!words.contains(found)) {
                        findings.add(
                                refused(
                                        "not-as-required",
                                        "is %s, not %s"
                                                .formatted(found, String.join(" or ", words)),
                                        reason));
                    }
                }
                case Rule.GoAtLeast(String version, String reason) ->
                        report.go()
                                .map(go -> go.version())
                                .filter(found -> Versions.compare(found, version) < 0)
                                .ifPresent(found ->
                                        findings.add(
                                                refused(
                                                        "not-as-required",
                                                        "was built by Go %s, older than %s"
                                                                .formatted(found, version),
                                                        reason)));
                case Rule.NoLibrary rejected -> libraries(report, rejected, findings);
            }
        }
        return findings;
    }

    private static void weigh(
            List<Finding> findings,
            List<Finding> all,
            String id,
            Optional<Finding.Severity> severity,
            String reason) {
        findings.removeIf(f -> f.id().equals(id));
        if (severity.isPresent()) {
            for (Finding finding : all) {
                if (finding.id().equals(id)) {
                    findings.add(
                            new Finding(
                                    id,
                                    severity.get(),
                                    finding.evidence() + " (" + reason + ")",
                                    finding.cure()));
                }
            }
        }
    }

    private static void libraries(Report report, Rule.NoLibrary rejected, List<Finding> findings) {
        for (Library library : report.libraries()) {
            boolean hit =
                    library.name().equals(rejected.library())
                            && rejected.below()
                                    .map(b -> Versions.compare(library.version(), b) < 0)
                                    .orElse(true);
            if (hit) {
                findings.add(
                        Finding.fail(
                                "denied-library",
                                "contains %s %s at byte %d (%s)"
                                        .formatted(
                                                library.name(),
                                                library.version(),
                                                library.offsetBytes(),
                                                rejected.reason()),
                                rejected.below()
                                        .map(b -> "build with " + library.name() + " " + b)
                                        .orElse("build without " + library.name())));
            }
        }
    }

    private static Finding refused(String id, String evidence, String reason) {
        return Finding.fail(id, evidence + " (" + reason + ")", "see the rules file");
    }
}
