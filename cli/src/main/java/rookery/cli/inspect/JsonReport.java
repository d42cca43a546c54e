package rookery.cli.inspect;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rookery.cli.view.Harmless;
import rookery.elf.CompressedSection;
import rookery.elf.ElfFile;
import rookery.elf.Finding;
import rookery.elf.Hardening;
import rookery.elf.Library;
import rookery.elf.Note;
import rookery.elf.Report;
import rookery.elf.golang.GoBuildInfo;
import rookery.oci.json.Json;

/// `--output json`. Its shape is a contract: see [InspectSchema].
public final class JsonReport {
    private JsonReport() {}

    public static Json of(String policy, List<Inspected> files, List<String> troubles) {
        var out = new LinkedHashMap<String, Json>();
        out.put("policy", Json.text(policy));
        out.put("files", new Json.Arr(files.stream().map(JsonReport::file).toList()));
        out.put("troubles", Json.texts(troubles.stream().map(Harmless::line).toList()));
        return new Json.Obj(out);
    }

    private static Json file(Inspected inspected) {
        Report report = inspected.report();
        var out = new LinkedHashMap<String, Json>();
        out.put("file", text(inspected.name()));
        out.put("ok", new Json.Bool(inspected.verdict().accepted()));
        out.put("verdict", text(inspected.verdict().word()));
        out.put("linkage", text(report.linkage().word()));
        out.put("size_bytes", Json.number(report.sizeBytes()));
        report.mode().ifPresent(m -> out.put("mode", text("0%03o".formatted(m))));
        report.arch()
                .ifPresent(a ->
                        out.put(
                                "platform",
                                text(report.goos().orElse("linux") + "/" + a.goName())));
        out.put("libc", text(report.libc().kind().word()));
        report.libc().version().ifPresent(v -> out.put("libc_version", text(v)));
        out.put("libc_certain", new Json.Bool(report.libc().certain()));
        out.put("libc_evidence", texts(report.libc().evidence()));
        report.go().ifPresent(go -> go(go, out));
        out.put("cgo", new Json.Bool(report.hasCgo()));
        report.kernelFloor().ifPresent(k -> out.put("kernel_floor", text(k.toString())));
        report.x86Level().ifPresent(l -> out.put("x86_level", Json.number(l)));
        if (report.facts() instanceof Report.Elf(ElfFile elf, _)) elf(elf, out);
        report.hardening().ifPresent(h -> out.put("hardening", hardening(h)));
        out.put("compilers", texts(report.compilers()));
        out.put(
                "libraries",
                new Json.Arr(report.libraries().stream().map(JsonReport::library).toList()));
        out.put(
                "compressed_sections",
                new Json.Arr(
                        report.compressedSections().stream().map(JsonReport::section).toList()));
        out.put("description", text(report.describe()));
        out.put(
                "findings",
                new Json.Arr(
                        inspected.verdict().reasons().stream().map(JsonReport::finding).toList()));
        return new Json.Obj(out);
    }

    private static void elf(ElfFile elf, Map<String, Json> out) {
        elf.interpreter().ifPresent(path -> out.put("interpreter", text(path)));
        out.put("needed", texts(elf.needed()));
        for (Note note : elf.notes()) {
            if (note instanceof Note.BuildId(String hex)) out.put("build_id", text(hex));
        }
    }

    private static void go(GoBuildInfo go, Map<String, Json> out) {
        out.put("go_version", text(go.version()));
        out.put("go_path", text(go.path()));
        out.put("go_modules", texts(go.dependencies().stream().map(JsonReport::module).toList()));
    }

    private static String module(GoBuildInfo.Module module) {
        String line = module.path() + " " + module.version();
        return module.replacedBy().map(by -> line + " => " + module(by)).orElse(line);
    }

    private static Json hardening(Hardening h) {
        var out = new LinkedHashMap<String, Json>();
        out.put("pie", new Json.Bool(h.pie()));
        out.put("relro", text(Human.word(h.relro())));
        out.put("nx", new Json.Bool(h.noExecStack()));
        out.put("canary", text(Human.word(h.canary())));
        out.put("fortify", text(Human.word(h.fortify())));
        out.put("cet", new Json.Bool(h.cet()));
        out.put("bti", new Json.Bool(h.bti()));
        out.put("pac", new Json.Bool(h.pac()));
        h.runpath().ifPresent(path -> out.put("runpath", text(path)));
        return new Json.Obj(out);
    }

    private static Json library(Library library) {
        var out = new LinkedHashMap<String, Json>();
        out.put("name", text(library.name()));
        out.put("version", text(library.version()));
        out.put("offset_bytes", Json.number(library.offsetBytes()));
        return new Json.Obj(out);
    }

    private static Json section(CompressedSection section) {
        var out = new LinkedHashMap<String, Json>();
        out.put("section", text(section.name()));
        out.put("method", text(section.method()));
        out.put("packed_bytes", Json.number(clamped(section.packedBytes())));
        out.put("full_bytes", Json.number(clamped(section.fullBytes())));
        out.put("state", text(section.state().word()));
        return new Json.Obj(out);
    }

    /// A false header may name 2^63 and more, which no reader of JSON expects.
    private static long clamped(long unsigned) {
        return unsigned < 0 ? Long.MAX_VALUE : unsigned;
    }

    private static Json finding(Finding finding) {
        var out = new LinkedHashMap<String, Json>();
        out.put("id", text(finding.id()));
        out.put("severity", text(Human.word(finding.severity())));
        out.put("evidence", text(finding.evidence()));
        out.put("cure", text(finding.cure()));
        return new Json.Obj(out);
    }

    private static Json texts(List<String> texts) {
        return Json.texts(texts.stream().map(Harmless::line).toList());
    }

    private static Json text(String text) {
        return Json.text(Harmless.line(text));
    }
}
