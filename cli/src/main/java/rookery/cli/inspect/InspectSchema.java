package rookery.cli.inspect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rookery.elf.FindingId;
import rookery.elf.Libc;
import rookery.elf.Linkage;
import rookery.oci.json.Json;

/// The JSON Schema of [JsonReport], which docs/inspect.schema.json repeats. Words may be added,
/// never renamed.
public final class InspectSchema {
    private static final List<String> VERDICTS = List.of("pass", "warn", "fail", "n/a", "invalid");
    private static final List<String> ANSWERS = List.of("yes", "no", "unknown");

    private InspectSchema() {}

    public static Json json() {
        var top = new LinkedHashMap<String, Json>();
        top.put("$schema", Json.text("https://json-schema.org/draft/2020-12/schema"));
        top.put("title", Json.text("rookery inspect --output json"));
        top.putAll(
                object(
                        new Member("policy", type("string")),
                        new Member("files", list(file())),
                        new Member("troubles", list(type("string")))));
        return new Json.Obj(top);
    }

    private record Member(String name, Json shape, boolean required) {
        Member(String name, Json shape) {
            this(name, shape, true);
        }
    }

    private static Json file() {
        List<String> libcs = new ArrayList<>();
        for (Libc.Kind kind : Libc.Kind.values()) libcs.add(kind.word());
        return new Json.Obj(
                object(
                        new Member("file", type("string")),
                        new Member("ok", type("boolean")),
                        new Member("verdict", words(VERDICTS)),
                        new Member("linkage", words(Linkage.WORDS)),
                        new Member("size_bytes", type("integer")),
                        new Member("mode", type("string"), false),
                        new Member("platform", type("string"), false),
                        new Member("libc", words(libcs)),
                        new Member("libc_version", type("string"), false),
                        new Member("libc_certain", type("boolean")),
                        new Member("libc_evidence", list(type("string"))),
                        new Member("go_version", type("string"), false),
                        new Member("go_path", type("string"), false),
                        new Member("go_modules", list(type("string")), false),
                        new Member("cgo", type("boolean")),
                        new Member("kernel_floor", type("string"), false),
                        new Member("x86_level", type("integer"), false),
                        new Member("interpreter", type("string"), false),
                        new Member("needed", list(type("string")), false),
                        new Member("build_id", type("string"), false),
                        new Member("hardening", hardening(), false),
                        new Member("compilers", list(type("string"))),
                        new Member("libraries", list(library())),
                        new Member("compressed_sections", list(section())),
                        new Member("description", type("string")),
                        new Member("findings", list(finding()))));
    }

    private static Json hardening() {
        return new Json.Obj(
                object(
                        new Member("pie", type("boolean")),
                        new Member("relro", words(List.of("none", "partial", "full"))),
                        new Member("nx", type("boolean")),
                        new Member("canary", words(ANSWERS)),
                        new Member("fortify", words(ANSWERS)),
                        new Member("cet", type("boolean")),
                        new Member("bti", type("boolean")),
                        new Member("pac", type("boolean")),
                        new Member("runpath", type("string"), false)));
    }

    private static Json library() {
        return new Json.Obj(
                object(
                        new Member("name", type("string")),
                        new Member("version", type("string")),
                        new Member("offset_bytes", type("integer"))));
    }

    private static Json section() {
        return new Json.Obj(
                object(
                        new Member("section", type("string")),
                        new Member("method", type("string")),
                        new Member("packed_bytes", type("integer")),
                        new Member("full_bytes", type("integer")),
                        new Member("state", words(List.of("read", "unread", "damaged")))));
    }

    private static Json finding() {
        return new Json.Obj(
                object(
                        new Member("id", words(FindingId.ALL)),
                        new Member("severity", words(List.of("warn", "fail"))),
                        new Member("evidence", type("string")),
                        new Member("cure", type("string"))));
    }

    private static Map<String, Json> object(Member... members) {
        var properties = new LinkedHashMap<String, Json>();
        List<String> required = new ArrayList<>();
        for (Member member : members) {
            properties.put(member.name(), member.shape());
            if (member.required()) required.add(member.name());
        }
        var out = new LinkedHashMap<String, Json>();
        out.put("type", Json.text("object"));
        out.put("properties", new Json.Obj(properties));
        out.put("required", Json.texts(required));
        out.put("additionalProperties", new Json.Bool(false));
        return out;
    }

    private static Json list(Json items) {
        var out = new LinkedHashMap<String, Json>();
        out.put("type", Json.text("array"));
        out.put("items", items);
        return new Json.Obj(out);
    }

    private static Json words(List<String> words) {
        return new Json.Obj(single("enum", Json.texts(words)));
    }

    private static Json type(String type) {
        return new Json.Obj(single("type", Json.text(type)));
    }

    private static Map<String, Json> single(String name, Json value) {
        var out = new LinkedHashMap<String, Json>();
        out.put(name, value);
        return out;
    }
}
