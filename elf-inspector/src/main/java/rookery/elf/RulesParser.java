package rookery.elf;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Reads a rules file line by line.
final class RulesParser {
    private static final int MAX_LINES = 1000;
    private static final String BECAUSE = " because ";

    private final List<Rules.Rule> rules = new ArrayList<>();
    private Optional<Policy> base = Optional.empty();

    private RulesParser() {}

    static Rules parse(String text) {
        RulesParser parser = new RulesParser();
        List<String> lines = text.lines().limit(MAX_LINES + 1L).toList();
        if (lines.size() > MAX_LINES) {
            throw new IllegalArgumentException("more than " + MAX_LINES + " lines");
        }
        for (int i = 0; i < lines.size(); i++) {
            try {
                parser.line(lines.get(i).strip());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("line " + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        return new Rules(parser.base.orElse(Policy.SCRATCH), parser.rules);
    }

    private void line(String line) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        int because = line.indexOf(BECAUSE);
        List<String> words =
                List.of((because < 0 ? line : line.substring(0, because)).strip().split("\\s+"));
        if (words.getFirst().equals("base") && words.size() == 2 && base.isEmpty()) {
            base = Optional.of(policy(words.get(1)));
            return;
        }
        if (because < 0) {
            throw new IllegalArgumentException(
                    "a rule ends with 'because' and its reason, so that a refusal explains itself");
        }
        String reason = line.substring(because + BECAUSE.length()).strip();
        switch (words.getFirst()) {
            case "allow" -> rules.add(weigh(words, Optional.empty(), reason));
            case "warn" -> rules.add(weigh(words, Optional.of(Finding.Severity.WARN), reason));
            case "deny" ->
                    rules.add(
                            words.size() > 2 && words.get(1).equals("library")
                                    ? library(words, reason)
                                    : weigh(words, Optional.of(Finding.Severity.FAIL), reason));
            case "require" -> rules.add(require(words, reason));
            default ->
                    throw new IllegalArgumentException(
                            "'"
                                    + words.getFirst()
                                    + "' is no rule; there are base, allow, warn, deny, require");
        }
    }

    private static Policy policy(String word) {
        for (Policy policy : Policy.values()) {
            if (policy.name().toLowerCase(Locale.ROOT).equals(word)) {
                return policy;
            }
        }
        throw new IllegalArgumentException(
                "'" + word + "' is no policy; there are static, scratch, hardened");
    }

    private static Rules.Rule weigh(
            List<String> words, Optional<Finding.Severity> severity, String reason) {
        if (words.size() != 2 || !FindingId.ALL.contains(words.get(1))) {
            throw new IllegalArgumentException(
                    "'"
                            + String.join(" ", words.subList(1, words.size()))
                            + "' is no finding; there are "
                            + String.join(", ", FindingId.ALL));
        }
        return new Rules.Rule.Weigh(words.get(1), severity, reason);
    }

    private static Rules.Rule library(List<String> words, String reason) {
        if (words.size() == 3) {
            return new Rules.Rule.NoLibrary(words.get(2), Optional.empty(), reason);
        }
        if (words.size() == 5 && words.get(3).equals("below")) {
            return new Rules.Rule.NoLibrary(words.get(2), Optional.of(words.get(4)), reason);
        }
        throw new IllegalArgumentException("write it like: deny library openssl below 3.0.8");
    }

    private static Rules.Rule require(List<String> words, String reason) {
        if (words.size() >= 3 && words.get(1).equals("libc")) {
            return new Rules.Rule.OneOf(Rules.Fact.LIBC, words.subList(2, words.size()), reason);
        }
        if (words.size() >= 3 && words.get(1).equals("linkage")) {
            return new Rules.Rule.OneOf(Rules.Fact.LINKAGE, words.subList(2, words.size()), reason);
        }
        if (words.size() == 4 && words.get(1).equals("go") && words.get(2).equals("at-least")) {
            return new Rules.Rule.GoAtLeast(words.get(3), reason);
        }
        throw new IllegalArgumentException(
                "write it like: require libc musl; require linkage static static-pie; require go at-least 1.24");
    }
}
