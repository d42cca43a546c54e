package rookery.cli.inspect;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import rookery.cli.view.Harmless;
import rookery.cli.view.Style;
import rookery.cli.view.Style.Tone;
import rookery.cli.view.Times;
import rookery.elf.Finding;
import rookery.elf.Hardening;
import rookery.elf.Report;
import rookery.elf.Verdict;

/// The table for people: a line for each file, below it the reasons.
public final class Human {
    private final Style style;

    public Human(Style style) {
        this.style = style;
    }

    public List<String> lines(Inspected inspected) {
        List<String> lines = new ArrayList<>();
        Report report = inspected.report();
        lines.add(
                mark(inspected)
                        + " "
                        + Harmless.line(inspected.name())
                        + "  "
                        + inspected.verdict().word()
                        + "  "
                        + Times.size(report.sizeBytes())
                        + "  "
                        + Harmless.line(report.describe()));
        if (inspected.asked() || !(inspected.verdict() instanceof Verdict.NotApplicable)) {
            for (Finding finding : inspected.verdict().reasons()) {
                lines.add(
                        Harmless.line(
                                "    "
                                        + word(finding.severity())
                                        + " "
                                        + finding.id()
                                        + ": "
                                        + finding.evidence()
                                        + "; "
                                        + finding.cure()));
            }
        }
        return lines;
    }

    /// More about one file: what is inside, who made it, what protects it.
    public List<String> details(Inspected inspected) {
        Report report = inspected.report();
        List<String> lines = new ArrayList<>();
        report.libraries()
                .forEach(l ->
                        lines.add(
                                "    contains %s %s (byte %d)"
                                        .formatted(l.name(), l.version(), l.offsetBytes())));
        report.compilers().forEach(c -> lines.add("    made by " + c));
        report.compressedSections().forEach(s -> lines.add("    packed " + s.describe()));
        report.libc().evidence().forEach(e -> lines.add("    libc: " + e));
        report.kernelFloor().ifPresent(k -> lines.add("    needs Linux " + k));
        report.x86Level().ifPresent(l -> lines.add("    needs x86-64-v" + l));
        report.hardening().ifPresent(h -> lines.add("    " + hardening(h)));
        report.contents()
                .ifPresent(c ->
                        lines.add(
                                "    %d relocations: %d relative, %d irelative, %d symbolic"
                                        .formatted(
                                                c.relocations().total(),
                                                c.relocations().relative(),
                                                c.relocations().irelative(),
                                                c.relocations().symbolic())));
        return lines.stream().map(Harmless::line).toList();
    }

    private String mark(Inspected inspected) {
        return switch (inspected.verdict()) {
            case Verdict.Pass _, Verdict.Warn _ -> style.paint(style.done(), Tone.GOOD);
            case Verdict.Fail _, Verdict.Invalid _ -> style.paint(style.failed(), Tone.BAD);
            case Verdict.NotApplicable _ ->
                    inspected.asked()
                            ? style.paint(style.failed(), Tone.BAD)
                            : style.paint(style.cancelled(), Tone.FAINT);
        };
    }

    private static String hardening(Hardening h) {
        List<String> words = new ArrayList<>();
        words.add(h.pie() ? "pie" : "no pie");
        words.add("relro " + word(h.relro()));
        words.add(h.noExecStack() ? "nx" : "no nx");
        words.add("canary " + word(h.canary()));
        words.add("fortify " + word(h.fortify()));
        if (h.cet()) words.add("cet");
        if (h.bti()) words.add("bti");
        if (h.pac()) words.add("pac");
        Optional<String> runpath = h.runpath();
        runpath.ifPresent(path -> words.add("runpath " + path));
        return "hardening: " + String.join(", ", words);
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
