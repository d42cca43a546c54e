package rookery.cli.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rookery.oci.json.Json;

/// The table of [Keys] as a JSON Schema (draft 2020-12), for editors and other people's tools.
///
/// It says what a schema can say: shapes, words, patterns, bounds. What [Crosscheck] and the checks
/// of single texts know besides, only `rookery check` tells.
public final class Schema {
    private Schema() {}

    public static Json json() {
        var top = new LinkedHashMap<String, Json>();
        top.put("$schema", Json.text("https://json-schema.org/draft/2020-12/schema"));
        top.put("title", Json.text("rookery.yaml, version 1"));
        top.putAll(members(Keys.SPEC));
        return new Json.Obj(top);
    }

    private static Json of(Shape shape) {
        return new Json.Obj(members(shape));
    }

    private static Map<String, Json> members(Shape shape) {
        var out = new LinkedHashMap<String, Json>();
        switch (shape) {
            case Shape.Text(var grammar) -> {
                out.put("type", Json.text("string"));
                if (!grammar.pattern().isEmpty()) out.put("pattern", Json.text(grammar.pattern()));
            }
            case Shape.Word(var words) -> out.put("enum", Json.texts(words));
            case Shape.Whole(int least, int most) -> {
                out.put("type", Json.text("integer"));
                out.put("minimum", Json.number(least));
                out.put("maximum", Json.number(most));
            }
            case Shape.Flag _ -> out.put("type", Json.text("boolean"));
            case Shape.ListOf(var item, int least, int most) -> {
                out.put("type", Json.text("array"));
                out.put("items", of(item));
                if (least > 0) out.put("minItems", Json.number(least));
                out.put("maxItems", Json.number(most));
            }
            case Shape.MapOf map -> {
                var patterns = new LinkedHashMap<String, Json>();
                patterns.put(map.key().pattern(), of(map.value()));
                if (map.ignoresExtensions()) patterns.put("^x-", new Json.Bool(true));
                out.put("type", Json.text("object"));
                out.put("patternProperties", new Json.Obj(patterns));
                out.put("additionalProperties", new Json.Bool(false));
                out.put("maxProperties", Json.number(map.most()));
            }
            case Shape.Table(_, var keys) -> table(keys, out);
            case Shape.Either(var brief, var full) ->
                    out.put("anyOf", new Json.Arr(List.of(of(brief), of(full))));
        }
        return out;
    }

    private static void table(List<Key> keys, Map<String, Json> out) {
        var properties = new LinkedHashMap<String, Json>();
        for (Key key : keys) {
            var property = new LinkedHashMap<String, Json>();
            property.put("description", Json.text(key.doc()));
            property.putAll(members(key.shape()));
            key.byDefault().ifPresent(d -> property.put("default", d));
            properties.put(key.name(), new Json.Obj(property));
        }
        out.put("type", Json.text("object"));
        out.put("properties", new Json.Obj(properties));
        out.put("patternProperties", new Json.Obj(Map.of("^x-", new Json.Bool(true))));
        out.put("additionalProperties", new Json.Bool(false));
        List<String> required = keys.stream().filter(Key::required).map(Key::name).toList();
        if (!required.isEmpty()) out.put("required", Json.texts(required));
    }
}
