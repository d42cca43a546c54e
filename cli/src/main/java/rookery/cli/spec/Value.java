package rookery.cli.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;
import rookery.oci.json.Json;

/// What [Walker] read: of the right shape, with its place in the file. What was of the wrong shape
/// is missing from it.
sealed interface Value {
    Position at();

    record Text(Position at, String text) implements Value {
        Located located() {
            return new Located(at, text);
        }
    }

    record Whole(Position at, int number) implements Value {}

    record Flag(Position at, boolean on) implements Value {}

    record Items(Position at, List<Value> values) implements Value {
        public Items {
            values = List.copyOf(values);
        }
    }

    /// A mapping of either kind.
    ///
    /// @param keys where each key stands
    record Fields(Position at, SequencedMap<String, Value> values, Map<String, Position> keys)
            implements Value {
        public Fields {
            values = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(values));
            keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
        }

        Optional<Text> text(String key) {
            return as(Text.class, key);
        }

        Optional<Whole> number(String key) {
            return as(Whole.class, key);
        }

        Optional<Flag> flag(String key) {
            return as(Flag.class, key);
        }

        Optional<Fields> fields(String key) {
            return as(Fields.class, key);
        }

        /// The list's items; none where there is no list.
        List<Value> items(String key) {
            return as(Items.class, key).map(Items::values).orElse(List.of());
        }

        List<Text> texts(String key) {
            return only(Text.class, items(key));
        }

        List<Fields> tables(String key) {
            return only(Fields.class, items(key));
        }

        private <T extends Value> Optional<T> as(Class<T> type, String key) {
            return Optional.ofNullable(values.get(key)).filter(type::isInstance).map(type::cast);
        }

        private static <T extends Value> List<T> only(Class<T> type, List<Value> values) {
            return values.stream()
                    .flatMap(v -> type.isInstance(v) ? Stream.of(type.cast(v)) : Stream.of())
                    .toList();
        }
    }

    /// A default of the table as if somebody had written it there.
    static Value of(Json json, Position at) {
        return switch (json) {
            case Json.Text(var text) -> new Text(at, text);
            case Json.Num(var literal) -> new Whole(at, Integer.parseInt(literal));
            case Json.Bool(boolean on) -> new Flag(at, on);
            case Json.Arr(var items) ->
                    new Items(at, items.stream().map(item -> of(item, at)).toList());
            case Json.Obj(var members) -> {
                var values = new LinkedHashMap<String, Value>();
                members.forEach((name, value) -> values.put(name, of(value, at)));
                yield new Fields(at, values, new LinkedHashMap<>());
            }
            case Json.Nil _ -> throw new IllegalArgumentException("no default is null");
        };
    }
}
