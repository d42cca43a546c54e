package rookery.agent.artifacts;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Turns the machine's package sources into source package sources, in both of apt's forms.
final class AptSources {
    private static final Pattern LINE = Pattern.compile("deb(-src)?\\s+(.*\\S)\\s*");

    private AptSources() {}

    /// The one-line form, `deb [options] uri suite components`; empty if nothing is left.
    static Optional<String> lines(String text) {
        var out = new ArrayList<String>();
        for (String line : text.lines().map(String::strip).toList()) {
            Matcher m = LINE.matcher(line);
            if (!m.matches()) continue;
            // A restriction to binary architectures says nothing about sources.
            String rest =
                    m.group(2)
                            .replaceFirst("arch[+-]?=[^\\s\\]]*\\s*", "")
                            .replace("[ ]", "")
                            .replace("[]", "");
            out.add("deb-src " + rest.strip());
        }
        return join(out.stream().distinct().toList(), "\n");
    }

    /// The form with stanzas (`Types: deb`).
    static Optional<String> stanzas(String text) {
        var out = new ArrayList<String>();
        for (String stanza : text.split("\\R[ \t]*\\R", -1)) {
            var kept = new ArrayList<String>();
            boolean isEnabled = true;
            boolean hasUri = false;
            boolean isDropped = false;
            for (String line : stanza.lines().toList()) {
                if (line.startsWith("#")) continue;
                String field = line.toLowerCase(Locale.ROOT);
                if (!line.startsWith(" ")) isDropped = field.startsWith("architectures");
                if (isDropped) continue;
                if (field.startsWith("enabled:"))
                    isEnabled = !field.matches("enabled:\\s*(no|false|0|off|without|disable)\\s*");
                hasUri |= field.startsWith("uris:");
                kept.add(field.startsWith("types:") ? "Types: deb-src" : line);
            }
            if (isEnabled && hasUri) out.add(String.join("\n", kept));
        }
        return join(out, "\n\n");
    }

    private static Optional<String> join(List<String> all, String between) {
        return all.isEmpty() ? Optional.empty() : Optional.of(String.join(between, all) + "\n");
    }
}
