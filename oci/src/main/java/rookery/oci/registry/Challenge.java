package rookery.oci.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a registry wants us to show who we are: a `WWW-Authenticate` header's scheme and parameters.
record Challenge(String scheme, Map<String, String> parameters) {
    private static final int MAX_CHARS = 4096;
    private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}";
    private static final Pattern SCHEME = Pattern.compile("\\G[\\s,]*(" + TOKEN + ")(?:\\s+|$)");
    private static final Pattern PARAMETER =
            Pattern.compile(
                    "\\G[\\s,]*("
                            + TOKEN
                            + ")\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|("
                            + TOKEN
                            + "))");

    /// The challenge that we answer: Bearer rather than Basic, and none that we do not know.
    static Optional<Challenge> best(List<String> headers) {
        var all = new ArrayList<Challenge>();
        headers.stream().filter(h -> h.length() <= MAX_CHARS).forEach(h -> parse(h, all));
        return first(all, "bearer").or(() -> first(all, "basic"));
    }

    private static Optional<Challenge> first(List<Challenge> all, String scheme) {
        return all.stream().filter(c -> c.scheme().equals(scheme)).findFirst();
    }

    Optional<String> get(String name) {
        return Optional.ofNullable(parameters.get(name));
    }

    private static void parse(String header, List<Challenge> into) {
        int at = 0;
        Matcher scheme = SCHEME.matcher(header);
        Matcher parameter = PARAMETER.matcher(header);
        while (scheme.find(at)) {
            at = scheme.end();
            var parameters = new TreeMap<String, String>();
            while (parameter.find(at)) {
                at = parameter.end();
                String quoted = parameter.group(2);
                parameters.putIfAbsent(
                        lower(parameter.group(1)),
                        quoted == null ? parameter.group(3) : quoted.replaceAll("\\\\(.)", "$1"));
            }
            into.add(new Challenge(lower(scheme.group(1)), parameters));
        }
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
