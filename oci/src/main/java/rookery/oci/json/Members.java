package rookery.oci.json;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import rookery.oci.Printable;

/// An object's members while it is being written; its [Reader] while it is being read.
final class Members {
    static final SortedMap<String, String> NO_TEXTS =
            Collections.unmodifiableSortedMap(new TreeMap<>());

    private final Map<String, Json> members = new LinkedHashMap<>();

    void put(String name, Json value) {
        members.put(name, value);
    }

    void put(String name, Optional<? extends Json> value) {
        value.ifPresent(v -> members.put(name, v));
    }

    void putUnlessEmpty(String name, List<String> texts) {
        if (!texts.isEmpty()) {
            members.put(name, Json.texts(texts));
        }
    }

    void putUnlessEmpty(String name, SortedMap<String, String> texts) {
        if (!texts.isEmpty()) {
            members.put(name, Json.texts(texts));
        }
    }

    Json.Obj json() {
        return new Json.Obj(members);
    }

    /// Takes an object apart, and names the place (`manifests[2].platform`) of whatever is wrong.
    /// Go's writers print empty lists and objects as `null`, so a null counts as absent.
    static final class Reader {
        private final String path;
        private final Json.Obj object;

        Reader(String path, Json value) {
            this.path = path;
            if (!(value instanceof Json.Obj found)) {
                throw new MalformedDocumentException(place(path) + " is not a JSON object");
            }
            this.object = found;
        }

        boolean has(String name) {
            return value(name).isPresent();
        }

        void mustLack(String name, String kind) {
            if (object.get(name).isPresent()) {
                throw wrong(kind + " must not have '" + name + "'", null);
            }
        }

        void mustBe(long schemaVersion, String contentType) {
            long version = requiredLong("schemaVersion");
            if (version != schemaVersion) {
                throw wrong("schemaVersion is " + version + ", not " + schemaVersion, null);
            }
            String own = requiredText("mediaType");
            if (!own.equals(contentType)) {
                throw wrong(
                        "it calls itself '"
                                + Printable.clip(own)
                                + "', but came as '"
                                + contentType
                                + "'",
                        null);
            }
        }

        Optional<String> text(String name) {
            return value(name).map(v -> textAt(name, v));
        }

        String requiredText(String name) {
            return text(name).orElseThrow(() -> missing(name));
        }

        long requiredLong(String name) {
            Json found = value(name).orElseThrow(() -> missing(name));
            try {
                if (found instanceof Json.Num(var literal)) {
                    return Long.parseLong(literal);
                }
                throw wrong("'" + name + "' is not a number", null);
            } catch (NumberFormatException e) {
                throw wrong("'" + name + "' is not a whole number of 64 bits", e);
            }
        }

        boolean flag(String name) {
            return value(name).filter(v -> v.equals(new Json.Bool(true))).isPresent();
        }

        Optional<Reader> object(String name) {
            return value(name).map(v -> new Reader(join(name), v));
        }

        List<Reader> objects(String name) {
            List<Json> items = items(name);
            return IntStream.range(0, items.size())
                    .mapToObj(i -> new Reader(join(name) + "[" + i + "]", items.get(i)))
                    .toList();
        }

        List<String> texts(String name) {
            return items(name).stream().map(item -> textAt(name, item)).toList();
        }

        SortedMap<String, String> textMap(String name) {
            var all = new TreeMap<String, String>();
            object(name)
                    .ifPresent(
                            o -> o.object.members().forEach((k, v) -> all.put(k, o.textAt(k, v))));
            return all;
        }

        /// Runs a constructor and adds this place to what it objects to.
        <T> T check(Supplier<T> construct) {
            try {
                return construct.get();
            } catch (IllegalArgumentException e) {
                throw wrong(String.valueOf(e.getMessage()), e);
            }
        }

        MalformedDocumentException missing(String name) {
            return wrong("'" + name + "' is missing", null);
        }

        MalformedDocumentException wrong(
                String what, @org.jspecify.annotations.Nullable Throwable cause) {
            String message = place(path) + ": " + what;
            return cause == null
                    ? new MalformedDocumentException(message)
                    : new MalformedDocumentException(message, cause);
        }

        private Optional<Json> value(String name) {
            return object.get(name).filter(v -> !(v instanceof Json.Nil));
        }

        private List<Json> items(String name) {
            return value(name)
                    .map(v -> {
                        if (v instanceof Json.Arr(var items)) {
                            return items;
                        }
                        throw wrong("'" + name + "' is not a list", null);
                    })
                    .orElse(List.of());
        }

        private String textAt(String name, Json value) {
            if (value instanceof Json.Text(var text)) {
                return text;
            }
            throw wrong("'" + Printable.clip(name) + "' is not a text", null);
        }

        private String join(String name) {
            return path.isEmpty() ? name : path + "." + name;
        }

        private static String place(String path) {
            return path.isEmpty() ? "the document" : "the document's " + path;
        }
    }
}
