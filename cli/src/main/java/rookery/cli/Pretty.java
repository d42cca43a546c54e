package rookery.cli;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;
import rookery.oci.json.Json;

/// JSON for people: one member per line, two blanks per level, a line break at the end.
public final class Pretty {
    private Pretty() {}

    public static String print(Json json) {
        var out = new StringBuilder();
        write(json, "\n", out);
        return out.append('\n').toString();
    }

    private static void write(Json json, String indent, StringBuilder out) {
        String inner = indent + "  ";
        switch (json) {
            case Json.Obj(var members) when !members.isEmpty() -> {
                String before = "{";
                for (Map.Entry<String, Json> member : members.entrySet()) {
                    out.append(before).append(inner).append(line(Json.text(member.getKey())));
                    write(member.getValue(), inner, out.append(": "));
                    before = ",";
                }
                out.append(indent).append('}');
            }
            case Json.Arr(var items) when items.stream().anyMatch(Pretty::isNested) -> {
                String before = "[";
                for (Json item : items) {
                    write(item, inner, out.append(before).append(inner));
                    before = ",";
                }
                out.append(indent).append(']');
            }
            case Json.Arr(var items) -> {
                out.append('[');
                for (Iterator<Json> i = items.iterator(); i.hasNext(); ) {
                    out.append(line(i.next())).append(i.hasNext() ? ", " : "");
                }
                out.append(']');
            }
            case Json.Obj _, Json.Text _, Json.Num _, Json.Bool _, Json.Nil _ ->
                    out.append(line(json));
        }
    }

    private static boolean isNested(Json json) {
        return json instanceof Json.Obj || json instanceof Json.Arr;
    }

    private static String line(Json json) {
        return new String(json.bytes(), StandardCharsets.UTF_8);
    }
}
