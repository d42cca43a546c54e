package rookery.cli.spec;

import static rookery.cli.spec.Grammar.quoted;

import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Texts with `{{version}}`, `{{commit}}` and `{{commit_time}}` in them.
final class Template {
    static final List<String> NAMES = List.of("version", "commit", "commit_time");

    /// What the templates are filled with.
    ///
    /// @param commit the full hash; `none` where there is no git
    record Facts(String version, String commit, Instant commitTime) {}

    /// For checking a text before the real facts are known.
    static final Facts SAMPLE = new Facts("0.0.0", "none", Instant.EPOCH);

    private static final Pattern PART = Pattern.compile("\\{\\{(.*?)}}");

    private Template() {}

    static Optional<Complaint> check(String text) {
        var parts = PART.matcher(text);
        while (parts.find()) {
            String name = parts.group(1).strip();
            if (!NAMES.contains(name)) {
                return Optional.of(
                        new Complaint(
                                "unknown template " + quoted(parts.group()),
                                DidYouMean.among(
                                                NAMES,
                                                name.startsWith(".") ? name.substring(1) : name)
                                        .map(n -> "did you mean {{" + n + "}}?")
                                        .orElse(
                                                "there are {{version}}, {{commit}} and {{commit_time}}")));
            }
        }
        return PART.matcher(text).replaceAll("").contains("{{")
                ? Optional.of(
                        new Complaint(
                                "a template is not closed in " + quoted(text),
                                "end it with }}, as in {{version}}"))
                : Optional.empty();
    }

    /// @param text one that [#check] had nothing against
    static String fill(String text, Facts facts) {
        return PART.matcher(text)
                .replaceAll(part ->
                        java.util.regex.Matcher.quoteReplacement(
                                value(part.group(1).strip(), facts)));
    }

    private static String value(String name, Facts facts) {
        return switch (name) {
            case "version" -> facts.version();
            case "commit" -> facts.commit();
            case "commit_time" -> DateTimeFormatter.ISO_INSTANT.format(facts.commitTime());
            default -> throw new IllegalArgumentException("unchecked template '" + name + "'");
        };
    }
}
