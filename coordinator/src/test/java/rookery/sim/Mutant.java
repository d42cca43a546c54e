package rookery.sim;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A small deliberate mistake in the farm's code, which the simulation must notice.
///
/// @param name of the mistake
/// @param file the source, from the checkout's root
/// @param before text that stands in it exactly once
/// @param harmless why no rule is broken by it, for the few of which that is so
record Mutant(String name, String file, String before, String after, Optional<String> harmless) {
    private static final String RESOURCE = "mutants.txt";

    /// Reads the list. Each mutant is
    ///
    /// ```
    /// == name | file
    /// harmless: why (only where it is)
    /// -- what stands there
    /// ++ what stands there instead
    /// ```
    ///
    /// with as many `--` and `++` lines as it needs.
    static List<Mutant> all() throws IOException {
        var mutants = new ArrayList<Mutant>();
        try (var in = Mutant.class.getResourceAsStream(RESOURCE)) {
            if (in == null) throw new IOException("there is no " + RESOURCE);
            String text = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            for (String block : text.split("(?m)^== ", -1)) {
                if (!block.isBlank() && !block.startsWith("#")) mutants.add(parse(block));
            }
        }
        return mutants;
    }

    private static Mutant parse(String block) {
        List<String> lines = block.lines().toList();
        String[] head = lines.getFirst().split(" \\| ", -1);
        var before = new ArrayList<String>();
        var after = new ArrayList<String>();
        Optional<String> harmless = Optional.empty();
        for (String line : lines.subList(1, lines.size())) {
            if (line.startsWith("--")) before.add(line.substring(2).strip());
            else if (line.startsWith("++")) after.add(line.substring(2).strip());
            else if (line.startsWith("harmless: ")) harmless = Optional.of(line.substring(10));
            else if (!line.isBlank())
                throw new IllegalArgumentException(head[0] + ": what is '" + line + "'?");
        }
        return new Mutant(
                head[0].strip(),
                head[1].strip(),
                String.join("\n", before),
                String.join("\n", after),
                harmless);
    }

    /// The mistaken source. Indentation does not count, so that formatting keeps mutants alive.
    ///
    /// @throws IllegalStateException where the text does not stand there exactly once
    String in(Path checkout) throws IOException {
        String source =
                Files.readString(checkout.resolve(file))
                        .lines()
                        .map(String::strip)
                        .reduce("", (a, b) -> a + b + "\n");
        int at = source.indexOf(before);
        if (at < 0 || source.indexOf(before, at + 1) >= 0)
            throw new IllegalStateException(
                    "the mutant '"
                            + name
                            + "' finds its text "
                            + (at < 0 ? "nowhere" : "more than once")
                            + " in "
                            + file);
        return source.substring(0, at) + after + source.substring(at + before.length());
    }

    @Override
    public String toString() {
        return name;
    }
}
