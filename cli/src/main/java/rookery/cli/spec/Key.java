package rookery.cli.spec;

import java.util.Optional;
import rookery.oci.json.Json;

/// One key of the spec: a row of the table.
///
/// @param example a value as one would write it, for the sentence that asks for it
/// @param doc what it means, for the schema and the documentation
/// @param byDefault what it is when it is left out; empty where leaving it out means nothing, or
///   where the default comes from another key (then the doc says so)
record Key(
        String name,
        Shape shape,
        String example,
        String doc,
        Optional<Json> byDefault,
        boolean required) {

    static Key required(String name, Shape shape, String example, String doc) {
        return new Key(name, shape, example, doc, Optional.empty(), true);
    }

    static Key optional(String name, Shape shape, String example, String doc) {
        return new Key(name, shape, example, doc, Optional.empty(), false);
    }

    static Key optional(String name, Shape shape, String example, String doc, Json byDefault) {
        return new Key(name, shape, example, doc, Optional.of(byDefault), false);
    }

    /// How to write it.
    String line() {
        return name + ": " + example;
    }
}
