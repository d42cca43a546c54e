package rookery.coordinator.work;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import rookery.elf.Expectation;
import rookery.elf.Finding;
import rookery.elf.Policy;
import rookery.elf.Report;
import rookery.elf.Rules;
import rookery.elf.Target;
import rookery.elf.Verdict;
import rookery.elf.files.Inspector;
import rookery.model.Blame;
import rookery.model.Failure;
import rookery.model.Outcome;
import rookery.model.RookeryException;
import rookery.model.Work;
import rookery.oci.Blob;
import rookery.oci.Printable;
import rookery.oci.layout.ImageLayout;

/// The ELF gate: nothing that it refuses is run, assembled or published. It looks at the bytes in
/// the store itself, because an agent's word is no evidence.
final class Gate {
    /// Raised when the same binary may be judged differently; old verdicts are then not recalled.
    static final String VERSION = "4";

    private final ImageLayout blobs;

    Gate(ImageLayout blobs) {
        this.blobs = blobs;
    }

    Outcome judge(Work.Verify work, Blob binary) throws IOException {
        blobs.verify(binary.digest());
        Path file =
                blobs.find(binary.digest())
                        .orElseThrow(() ->
                                new RookeryException(
                                        Blame.BUG,
                                        "the binary " + binary.digest() + " is not in the store"));
        Report report = Inspector.inspect(file);
        var expectation = new Expectation(Target.parse(work.wanted().platform().toString()), true);
        Verdict verdict = judge(work.policy(), report, expectation);
        if (!verdict.accepted()) return new Outcome.Broke(refusal(work, report, verdict));
        SortedMap<String, String> notes = new TreeMap<>();
        notes.put("verdict", verdict.word());
        notes.put("linkage", report.linkage().word());
        notes.put("libc", report.libc().kind().word());
        notes.put("summary", report.describe());
        String findings = String.join("; ", findings(verdict.reasons()));
        if (!findings.isEmpty()) notes.put("findings", findings);
        SortedMap<String, Blob> made = new TreeMap<>();
        made.put("binary", binary);
        return new Outcome.Made(made, binary.digest(), notes);
    }

    /// By a built-in policy, or by the rules that the spec brought.
    private static Verdict judge(String policy, Report report, Expectation expectation) {
        for (Policy known : Policy.values()) {
            if (known.name().toLowerCase(Locale.ROOT).equals(policy)) {
                return known.judge(report, expectation);
            }
        }
        try {
            return Rules.parse(policy).judge(report, expectation);
        } catch (IllegalArgumentException e) {
            throw new RookeryException(
                    Blame.SPEC,
                    "the policy '"
                            + Printable.clip(policy)
                            + "' is neither static, scratch, hardened nor rules that this version"
                            + " understands: "
                            + e.getMessage(),
                    e);
        }
    }

    private static Failure refusal(Work.Verify work, Report report, Verdict verdict) {
        List<Finding> reasons = verdict.reasons();
        Finding first =
                reasons.stream()
                        .filter(f -> f.severity() == Finding.Severity.FAIL)
                        .findFirst()
                        .orElseThrow(() ->
                                new RookeryException(Blame.BUG, "a refusal without a reason"));
        return new Failure(
                Failure.Kind.NOT_STATIC,
                "the gate refused the binary for "
                        + work.wanted().platform()
                        + " ("
                        + report.describe()
                        + "): "
                        + first.evidence()
                        + "; "
                        + first.cure(),
                findings(reasons));
    }

    private static List<String> findings(List<Finding> findings) {
        var lines = new ArrayList<String>();
        for (Finding f : findings)
            lines.add(
                    f.severity().name().toLowerCase(Locale.ROOT)
                            + " "
                            + f.id()
                            + ": "
                            + f.evidence()
                            + "; "
                            + f.cure());
        return lines;
    }
}
