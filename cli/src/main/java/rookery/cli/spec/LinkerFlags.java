package rookery.cli.spec;

import static rookery.cli.spec.Grammar.quoted;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Which flags of Go's linker a spec may give. The items of `ldflags` are joined with blanks and
/// split as Go splits them, so `["-s -w", "-X main.a=b"]` and one long item mean the same.
final class LinkerFlags {
    /// Flags that stand alone or carry `=value`.
    private static final List<String> ALONE =
            List.of("-s", "-w", "-v", "-compressdwarf", "-checklinkname", "-dumpdep", "-c");

    /// Flags whose value may be the next word.
    private static final List<String> WITH_VALUE = List.of("-X", "-H");

    private static final Map<String, String> REASONS = new TreeMap<>();

    static {
        String statics = "the farm sets it, so that the program comes out static; leave it out";
        String id = "the farm sets it, so that equal inputs give equal bytes; leave it out";
        for (String flag :
                List.of("-linkmode", "-extld", "-extldflags", "-extar", "-d", "-I", "-r", "-L"))
            REASONS.put(flag, statics);
        REASONS.put("-linkshared", "what it makes is not a static program; leave it out");
        REASONS.put("-buildmode", "what it makes is not a static program; leave it out");
        REASONS.put("-installsuffix", "the farm chooses that itself; leave it out");
        REASONS.put("-pluginpath", "what it makes is not a static program; leave it out");
        REASONS.put("-B", id);
        REASONS.put("-buildid", id);
        REASONS.put("-o", "the file's name is binary:");
        REASONS.put("-tmpdir", "the farm chooses that itself; leave it out");
        REASONS.put("-race", "its runtime cannot be linked statically; leave it out");
        REASONS.put("-msan", "its runtime cannot be linked statically; leave it out");
        REASONS.put("-asan", "its runtime cannot be linked statically; leave it out");
    }

    static final Grammar GRAMMAR =
            new Grammar(
                    "linker flags",
                    "",
                    text ->
                            Grammars.LINE
                                    .check()
                                    .apply(text)
                                    .or(() -> Template.check(text))
                                    .or(() ->
                                            words(text).isPresent()
                                                    ? Optional.empty()
                                                    : Optional.of(
                                                            new Complaint(
                                                                    "a quote is not closed in "
                                                                            + quoted(text),
                                                                    "close it; Go reads '…' and \"…\" around whole words"))));

    private LinkerFlags() {}

    /// Checks the words of all items together.
    static void check(List<Value.Text> items, Problems problems) {
        String awaiting = "";
        for (Value.Text item : items) {
            for (String word : words(item.text()).orElse(List.of())) {
                if (!awaiting.isEmpty()) {
                    value(awaiting, word).ifPresent(c -> problems.add(item.at(), c));
                    awaiting = "";
                    continue;
                }
                int equals = word.indexOf('=');
                String name =
                        (equals < 0 ? word : word.substring(0, equals)).replaceFirst("^--", "-");
                if (WITH_VALUE.contains(name)) {
                    if (equals < 0) awaiting = name;
                    else
                        value(name, word.substring(equals + 1))
                                .ifPresent(c -> problems.add(item.at(), c));
                } else if (!ALONE.contains(name)) {
                    problems.add(item.at(), refused(name));
                }
            }
        }
        if (!awaiting.isEmpty()) {
            problems.add(
                    items.getLast().at(),
                    "the linker flag " + quoted(awaiting) + " has no value",
                    "write -X importpath.name=value");
        }
    }

    private static Complaint refused(String name) {
        if (!name.startsWith("-"))
            return new Complaint(
                    quoted(name) + " is no linker flag",
                    "put quotes around a whole word that has blanks, as in -X 'main.a=b c'");
        String reason = REASONS.get(name);
        return new Complaint(
                "the linker flag " + quoted(name) + " is refused",
                reason != null
                        ? reason
                        : "allowed are "
                                + String.join(", ", ALONE)
                                + ", "
                                + String.join(", ", WITH_VALUE));
    }

    private static Optional<Complaint> value(String name, String value) {
        if (name.equals("-X") && !value.matches("(?s)[^=]+\\.[^=.]+=.*"))
            return Optional.of(
                    new Complaint(
                            quoted(value) + " sets no variable",
                            "write -X importpath.name=value, as in -X main.version={{version}}"));
        if (name.equals("-H") && !value.equals("windowsgui"))
            return Optional.of(
                    new Complaint(
                            "the linker flag '-H " + value + "' is refused",
                            "the platform decides the header; only windowsgui may be asked for"));
        return Optional.empty();
    }

    /// Splits as Go's own `quoted.Split` does: quotes count only where a word begins, and nothing
    /// is an escape. Empty when a quote is not closed.
    private static Optional<List<String>> words(String text) {
        var words = new ArrayList<String>();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == ' ') {
                i++;
                continue;
            }
            boolean quote = c == '\'' || c == '"';
            int end = text.indexOf(quote ? c : ' ', i + 1);
            if (end < 0) {
                if (quote) return Optional.empty();
                end = text.length();
            }
            words.add(text.substring(quote ? i + 1 : i, end));
            i = end + 1;
        }
        return Optional.of(words);
    }
}
