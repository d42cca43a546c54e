package rookery.cli.spec;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// The specs that tests share. `wrong-specs.txt` holds one case after the other: `=== name`, the
/// spec, `---` and a dot, then exactly what is said about it.
public final class Cases {
    record Case(String name, String spec, String said) {}

    private static final String ANSWER = "--- said\n";

    private Cases() {}

    public static String canonical() {
        return resource("canonical.yaml");
    }

    static List<Case> wrong() {
        var cases = new ArrayList<Case>();
        for (String part : resource("wrong-specs.txt").split("(?m)^=== ", -1)) {
            if (part.isBlank()) continue;
            int name = part.indexOf('\n');
            int answer = part.indexOf(ANSWER);
            cases.add(
                    new Case(
                            part.substring(0, name),
                            part.substring(name + 1, answer),
                            part.substring(answer + ANSWER.length())));
        }
        return cases;
    }

    static String said(String spec) {
        return SpecReader.read("rookery.yaml", spec).problems().stream()
                .map(p -> p + "\n")
                .collect(Collectors.joining());
    }

    private static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Cases.class.getResourceAsStream(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
