package rookery.cli.spec;

import static rookery.cli.spec.Grammar.quoted;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// Reads nodes by the table, and writes down everything that does not fit.
///
/// It goes only as deep as the table does, so aliases cannot send it in circles; how much it reads
/// in all is bounded besides.
final class Walker {
    /// Keys that begin with it are the user's own remarks.
    static final String EXTENSION = "x-";

    /// Values of one spec with its aliases followed.
    static final int MAX_VALUES = 20_000;

    private final String file;
    private final Problems problems;
    private int values;

    Walker(String file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    /// @param as how to write the value, for the sentence that asks for another one
    Optional<Value> read(Node node, Shape shape, String as) {
        if (++values > MAX_VALUES) {
            if (values == MAX_VALUES + 1) {
                problems.add(
                        at(node),
                        "the spec has more than "
                                + MAX_VALUES
                                + " values once its aliases are followed",
                        "use fewer aliases");
            }
            return Optional.empty();
        }
        return switch (shape) {
            case Shape.Text(var grammar) -> text(node, grammar, as);
            case Shape.Word word -> word(node, word, as);
            case Shape.Whole number -> number(node, number, as);
            case Shape.Flag flag -> flag(node, flag, as);
            case Shape.ListOf list -> list(node, list, as);
            case Shape.MapOf map -> map(node, map, as);
            case Shape.Table table -> table(node, table, as);
            case Shape.Either either -> either(node, either, as);
        };
    }

    private Optional<Value> text(Node node, Grammar grammar, String as) {
        if (!(node instanceof ScalarNode scalar)) return wrong(node, grammar.what(), as);
        if (!scalar.getTag().equals(Tag.STR)) {
            // 1.10 is a number to YAML, and the same one as 1.1.
            boolean quotable =
                    scalar.isPlain()
                            && !scalar.getTag().equals(Tag.NULL)
                            && grammar.check().apply(scalar.getValue()).isEmpty();
            if (!quotable) return wrong(node, grammar.what(), as);
            problems.add(
                    at(node),
                    "found " + found(node) + " in place of " + grammar.what(),
                    "put it in quotes, \"" + scalar.getValue() + "\"");
            return Optional.empty();
        }
        Optional<Complaint> complaint = grammar.check().apply(scalar.getValue());
        complaint.ifPresent(c -> problems.add(at(node), c));
        return complaint.isPresent()
                ? Optional.empty()
                : Optional.of(new Value.Text(at(node), scalar.getValue()));
    }

    private Optional<Value> word(Node node, Shape.Word word, String as) {
        if (!(node instanceof ScalarNode scalar)) return wrong(node, word.asked(), as);
        if (word.words().contains(scalar.getValue()))
            return Optional.of(new Value.Text(at(node), scalar.getValue()));
        problems.add(
                at(node),
                quoted(scalar.getValue()) + " is none of " + String.join(", ", word.words()),
                DidYouMean.sentence(word.words(), scalar.getValue(), "write " + as));
        return Optional.empty();
    }

    private Optional<Value> number(Node node, Shape.Whole number, String as) {
        if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.INT)) {
            try {
                int found = Integer.parseInt(scalar.getValue());
                if (found >= number.least() && found <= number.most())
                    return Optional.of(new Value.Whole(at(node), found));
            } catch (NumberFormatException _) {
                // Too long for an int, or octal: said below.
            }
        }
        return wrong(node, number.asked(), as);
    }

    private Optional<Value> flag(Node node, Shape.Flag flag, String as) {
        if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL))
            return Optional.of(new Value.Flag(at(node), Boolean.parseBoolean(scalar.getValue())));
        return wrong(node, flag.asked(), as);
    }

    private Optional<Value> list(Node node, Shape.ListOf list, String as) {
        if (!(node instanceof SequenceNode sequence)) return wrong(node, list.asked(), as);
        int size = sequence.getValue().size();
        if (size < list.least() || size > list.most()) {
            problems.add(
                    at(node),
                    "a list of " + size,
                    size < list.least()
                            ? "it needs at least " + list.least() + ", as in " + as
                            : "it may have at most " + list.most());
        }
        var items = new ArrayList<Value>();
        sequence.getValue().stream()
                .limit(list.most())
                .forEach(item -> read(item, list.item(), as).ifPresent(items::add));
        return Optional.of(new Value.Items(at(node), items));
    }

    private Optional<Value> map(Node node, Shape.MapOf map, String as) {
        if (!(node instanceof MappingNode mapping)) return wrong(node, map.asked(), as);
        if (mapping.getValue().size() > map.most()) {
            problems.add(
                    at(node),
                    "a mapping of " + mapping.getValue().size() + " keys",
                    "it may have at most " + map.most());
        }
        var found = new LinkedHashMap<String, Value>();
        var keys = new LinkedHashMap<String, Position>();
        for (NodeTuple tuple : mapping.getValue()) {
            Optional<String> name = key(tuple, keys);
            if (name.isEmpty()
                    || (map.ignoresExtensions() && name.get().startsWith(EXTENSION))
                    || found.size() >= map.most()) continue;
            Optional<Complaint> complaint = map.key().check().apply(name.get());
            complaint.ifPresent(c -> problems.add(at(tuple.getKeyNode()), c));
            if (complaint.isEmpty())
                read(tuple.getValueNode(), map.value(), as)
                        .ifPresent(v -> found.put(name.get(), v));
        }
        return Optional.of(new Value.Fields(at(node), found, keys));
    }

    private Optional<Value> table(Node node, Shape.Table table, String as) {
        if (!(node instanceof MappingNode mapping)) return wrong(node, table.asked(), as);
        var found = new LinkedHashMap<String, Value>();
        var keys = new LinkedHashMap<String, Position>();
        for (NodeTuple tuple : mapping.getValue()) {
            Optional<String> name = key(tuple, keys);
            if (name.isEmpty() || name.get().startsWith(EXTENSION)) continue;
            table.keys().stream()
                    .filter(k -> k.name().equals(name.get()))
                    .findFirst()
                    .ifPresentOrElse(
                            k ->
                                    read(tuple.getValueNode(), k.shape(), k.line())
                                            .ifPresent(v -> found.put(k.name(), v)),
                            () -> unknown(tuple.getKeyNode(), name.get(), table));
        }
        for (Key key : table.keys()) {
            if (keys.containsKey(key.name())) continue;
            key.byDefault().ifPresent(d -> found.put(key.name(), Value.of(d, at(node))));
            if (key.required()) {
                problems.add(
                        at(node),
                        table.what() + " has no '" + key.name() + "'",
                        "add it, as in " + key.line());
            }
        }
        return Optional.of(new Value.Fields(at(node), found, keys));
    }

    private Optional<Value> either(Node node, Shape.Either either, String as) {
        if (node instanceof MappingNode) return table(node, either.full(), as);
        if (node instanceof ScalarNode) return read(node, either.brief(), as);
        return wrong(node, either.asked(), as);
    }

    /// The key's text; empty when it is none or stood there before.
    private Optional<String> key(NodeTuple tuple, Map<String, Position> keys) {
        Node node = tuple.getKeyNode();
        if (!(node instanceof ScalarNode scalar)) {
            problems.add(at(node), "a key that is a list or a mapping", "keys are plain words");
            return Optional.empty();
        }
        String name = scalar.getValue();
        Position before = keys.putIfAbsent(name, at(node));
        if (before == null) return Optional.of(name);
        if (!name.startsWith(EXTENSION)) {
            problems.add(
                    at(node),
                    "the key "
                            + quoted(name)
                            + " stands a second time, first in line "
                            + before.line(),
                    "keep one of them");
        }
        return Optional.empty();
    }

    private void unknown(Node node, String name, Shape.Table table) {
        if (name.equals("<<")) {
            problems.add(
                    at(node),
                    "'<<' merges mappings in YAML 1.1 only",
                    "write the keys out, or use an alias for a whole value");
            return;
        }
        List<String> known = table.keys().stream().map(Key::name).toList();
        problems.add(
                at(node),
                "unknown key " + quoted(name) + " in " + table.what(),
                DidYouMean.sentence(
                        known,
                        name,
                        "the keys are "
                                + String.join(", ", known)
                                + "; one that begins with x- is ignored"));
    }

    private Optional<Value> wrong(Node node, String asked, String as) {
        problems.add(at(node), "found " + found(node) + " in place of " + asked, "write " + as);
        return Optional.empty();
    }

    private static String found(Node node) {
        return switch (node) {
            case SequenceNode _ -> "a list";
            case MappingNode _ -> "a mapping";
            case ScalarNode s when s.getTag().equals(Tag.NULL) -> "nothing";
            case ScalarNode s when s.getTag().equals(Tag.STR) -> "the text " + quoted(s.getValue());
            case ScalarNode s when s.getTag().equals(Tag.BOOL) ->
                    "the truth value " + quoted(s.getValue());
            case ScalarNode s when s.getTag().equals(Tag.INT) || s.getTag().equals(Tag.FLOAT) ->
                    "the number " + quoted(s.getValue());
            default -> "a value with the tag " + quoted(node.getTag().getValue());
        };
    }

    private Position at(Node node) {
        return Yaml.position(file, node);
    }
}
