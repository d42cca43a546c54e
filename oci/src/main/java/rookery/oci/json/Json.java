package rookery.oci.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rookery.oci.Printable;

/// A JSON value. [#bytes()] is the canonical form; [#parse] the strict reader.
public sealed interface Json {
    /// What registries accept as a manifest; more is an attack or a mistake.
    int MAX_BYTES = 4 * 1024 * 1024;

    /// OCI's documents are six levels deep.
    int MAX_DEPTH = 32;

    /// Members in the order of writing.
    record Obj(Map<String, Json> members) implements Json {
        public Obj {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }

        public Optional<Json> get(String name) {
            return Optional.ofNullable(members.get(name));
        }
    }

    record Arr(List<Json> items) implements Json {
        public Arr {
            items = List.copyOf(items);
        }
    }

    record Text(String value) implements Json {}

    /// A number as it was written: foreign documents hold numbers that no Java type keeps exactly.
    record Num(String literal) implements Json {}

    record Bool(boolean value) implements Json {}

    /// JSON's `null`.
    record Nil() implements Json {}

    static Json text(String value) {
        return new Text(value);
    }

    static Json number(long value) {
        return new Num(Long.toString(value));
    }

    static Json texts(Collection<String> values) {
        return new Arr(values.stream().map(Json::text).toList());
    }

    /// An object in the map's own order, which therefore must be a fixed one.
    static Json texts(Map<String, String> values) {
        var members = new LinkedHashMap<String, Json>();
        values.forEach((name, value) -> members.put(name, text(value)));
        return new Obj(members);
    }

    /// The canonical bytes. Throws where a text holds half a surrogate pair, which has no UTF-8.
    default byte[] bytes() {
        var out = new ByteArrayOutputStream();
        try (JsonGenerator generator = Factory.SHARED.createGenerator(out)) {
            write(this, generator);
        } catch (IOException e) {
            throw new UncheckedIOException("a text cannot be written as UTF-8", e);
        }
        return out.toByteArray();
    }

    /// Reads one document of at most [#MAX_BYTES].
    static Json parse(byte[] bytes) {
        return parse(bytes, MAX_BYTES);
    }

    /// Reads one document, strictly. Throws [MalformedDocumentException] for everything that is not
    /// exactly one JSON value within the limits.
    static Json parse(byte[] bytes, int maxBytes) {
        if (bytes.length > maxBytes) {
            throw new MalformedDocumentException(
                    "a document of " + bytes.length + " bytes; the limit is " + maxBytes);
        }
        // Decoded here because the library would also take UTF-16 and UTF-32 by guessing.
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedDocumentException("not UTF-8", e);
        }
        try (JsonParser parser = Factory.SHARED.createParser(text)) {
            if (parser.nextToken() == null) {
                throw new MalformedDocumentException("an empty document");
            }
            Json value = read(parser);
            if (parser.nextToken() != null) {
                throw new MalformedDocumentException(where(parser) + "more after the document");
            }
            return value;
        } catch (IOException e) {
            throw new MalformedDocumentException(
                    "not JSON within the limits: " + Printable.clip(String.valueOf(e.getMessage())),
                    e);
        }
    }

    private static Json read(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> readObject(parser);
            case START_ARRAY -> {
                var items = new ArrayList<Json>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(read(parser));
                }
                yield new Arr(items);
            }
            case VALUE_STRING -> new Text(parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Num(parser.getText());
            case VALUE_TRUE -> new Bool(true);
            case VALUE_FALSE -> new Bool(false);
            case VALUE_NULL -> new Nil();
            case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                    throw new MalformedDocumentException(where(parser) + "unexpected " + token);
        };
    }

    private static Json readObject(JsonParser parser) throws IOException {
        var members = new LinkedHashMap<String, Json>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            if (members.put(name, read(parser)) != null) {
                throw new MalformedDocumentException(
                        where(parser) + "the member '" + Printable.clip(name) + "' appears twice");
            }
        }
        return new Obj(members);
    }

    private static String where(JsonParser parser) {
        var at = parser.currentLocation();
        return "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
    }

    private static void write(Json value, JsonGenerator to) throws IOException {
        switch (value) {
            case Obj(var members) -> {
                to.writeStartObject();
                for (var member : members.entrySet()) {
                    to.writeFieldName(member.getKey());
                    write(member.getValue(), to);
                }
                to.writeEndObject();
            }
            case Arr(var items) -> {
                to.writeStartArray();
                for (Json item : items) {
                    write(item, to);
                }
                to.writeEndArray();
            }
            case Text(var text) -> to.writeString(text);
            case Num(var literal) -> to.writeNumber(literal);
            case Bool(var bool) -> to.writeBoolean(bool);
            case Nil _ -> to.writeNull();
        }
    }

    /// The library's configuration; thread-safe.
    final class Factory {
        private static final JsonFactory SHARED =
                JsonFactory.builder()
                        .streamReadConstraints(
                                StreamReadConstraints.builder()
                                        .maxNestingDepth(MAX_DEPTH)
                                        .maxNumberLength(64)
                                        .maxNameLength(4096)
                                        .maxStringLength(MAX_BYTES)
                                        .build())
                        // Interned names of hostile documents would stay in the runtime's table.
                        .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
                        .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
                        .build();

        private Factory() {}
    }
}
