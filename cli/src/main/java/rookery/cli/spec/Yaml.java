package rookery.cli.spec;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import rookery.oci.Printable;

/// YAML 1.2 as a graph of nodes with marks, within bounds that a hostile file meets early.
final class Yaml {
    /// Bytes of a spec; the largest sensible one has a few thousand.
    static final int MAX_CHARS = 1 << 20;

    /// The spec's own shape is six deep; the rest is for what people keep under `x-`.
    static final int MAX_DEPTH = 48;

    /// Aliases of lists and mappings; together with [Walker]'s own bound this stops a file that
    /// grows without end when its aliases are followed.
    static final int MAX_ALIASES = 100;

    private static final LoadSettings SETTINGS =
            LoadSettings.builder()
                    .setLabel("rookery.yaml")
                    .setCodePointLimit(MAX_CHARS)
                    .setMaxAliasesForCollections(MAX_ALIASES)
                    .setAllowRecursiveKeys(false)
                    .build();

    private Yaml() {}

    /// The document's root; empty when something was wrong, which is then among the problems.
    static Optional<Node> read(String file, String text, Problems problems) {
        try {
            if (text.length() > MAX_CHARS) {
                problems.add(
                        new Position(file, 1, 1),
                        "the file has more than " + MAX_CHARS + " characters",
                        "a spec is a page or two; is this the right file?");
                return Optional.empty();
            }
            Optional<Node> root =
                    shallow(file, text, problems)
                            ? new Compose(SETTINGS).composeString(text)
                            : Optional.empty();
            if (root.isEmpty() && problems.isEmpty()) {
                problems.add(
                        new Position(file, 1, 1),
                        "the file is empty",
                        "begin with version: 1; docs/spec.md has a whole example");
            }
            return root;
        } catch (ReaderException e) {
            problems.add(
                    at(file, text, e.getPosition()),
                    String.format("the character U+%04X is not allowed in YAML", e.getCodePoint()),
                    "remove it; the file must be plain UTF-8 text");
        } catch (MarkedYamlEngineException e) {
            problems.add(
                    e.getProblemMark()
                            .or(e::getContextMark)
                            .map(mark -> position(file, mark))
                            .orElse(new Position(file, 1, 1)),
                    "this is not YAML: " + Printable.clip(found(e)),
                    remedy(e.getProblem()));
        } catch (YamlEngineException e) {
            // The only unmarked ones are about the file as a whole.
            problems.add(
                    new Position(file, 1, 1),
                    "this is not YAML within the bounds of a spec: "
                            + Printable.clip(String.valueOf(e.getMessage())),
                    "use fewer aliases (" + MAX_ALIASES + " at most)");
        }
        return Optional.empty();
    }

    static Position position(String file, Mark mark) {
        return new Position(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    static Position position(String file, Node node) {
        return node.getStartMark().map(m -> position(file, m)).orElse(new Position(file, 1, 1));
    }

    /// Composing recurses, so a file of nothing but opening brackets would end the stack; events
    /// come without recursion and are counted first.
    private static boolean shallow(String file, String text, Problems problems) {
        int depth = 0;
        for (Event event : new Parse(SETTINGS).parseString(text)) {
            if (event instanceof CollectionStartEvent && ++depth > MAX_DEPTH) {
                problems.add(
                        event.getStartMark()
                                .map(m -> position(file, m))
                                .orElse(new Position(file, 1, 1)),
                        "lists and mappings lie more than " + MAX_DEPTH + " deep here",
                        "no part of a spec is deeper than six");
                return false;
            }
            if (event instanceof CollectionEndEvent) depth--;
        }
        return true;
    }

    private static String found(MarkedYamlEngineException e) {
        if (e.getProblem().contains("TAB")) return "a tab where blanks belong";
        // The context is null or empty where there is none, whatever the library's types say.
        String context = String.valueOf(e.getContext());
        return context.isEmpty() || context.equals("null")
                ? e.getProblem()
                : context + ", " + e.getProblem();
    }

    private static String remedy(String problem) {
        if (problem.contains("TAB")) return "indent with blanks, not with tabs";
        if (problem.contains("but found another document"))
            return "a spec is one document; remove the line --- and what follows";
        if (problem.contains("mapping values are not allowed"))
            return "put the text in quotes if its colon is meant as such";
        if (problem.contains("undefined alias"))
            return "define the anchor (&name) above the line that uses it";
        return "look at this line and the one above: indentation, quotes, brackets";
    }

    private static Position at(String file, String text, int codePoint) {
        int line = 1;
        int column = 1;
        int[] points = text.codePoints().limit(codePoint).toArray();
        for (int c : points) {
            column = c == '\n' ? 1 : column + 1;
            line += c == '\n' ? 1 : 0;
        }
        return new Position(file, line, column);
    }
}
