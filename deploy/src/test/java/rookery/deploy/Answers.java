package rookery.deploy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import rookery.oci.json.Json;

/// Reads the program's JSON.
final class Answers {
    private Answers() {}

    static Json member(Json json, String name) {
        if (json instanceof Json.Obj object && object.get(name).isPresent())
            return object.get(name).get();
        throw new AssertionError("no '" + name + "' in " + json);
    }

    static String text(Json json, String name) {
        return switch (member(json, name)) {
            case Json.Text(String value) -> value;
            case Json.Num(String literal) -> literal;
            case Json.Bool(boolean value) -> Boolean.toString(value);
            case Json other -> throw new AssertionError("'" + name + "' is " + other);
        };
    }

    static List<Json> items(Json json, String name) {
        if (member(json, name) instanceof Json.Arr(List<Json> items)) return items;
        throw new AssertionError("'" + name + "' is no list");
    }

    /// Binaries by platform.
    static Map<String, Json> binaries(Json report) {
        var all = new TreeMap<String, Json>();
        items(report, "binaries").forEach(b -> all.put(text(b, "platform"), b));
        return all;
    }
}
