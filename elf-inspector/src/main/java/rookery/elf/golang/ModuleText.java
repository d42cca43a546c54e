package rookery.elf.golang;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Parses the lines that `go version -m` prints: `path`, `mod`, `dep`, `=>` and `build`, their
/// fields parted by tabs.
final class ModuleText {
    /// Large programs have about a thousand.
    private static final int MAX_LINES = 100_000;

    private ModuleText() {}

    static GoBuildInfo parse(String version, String text) {
        String path = "";
        Optional<GoBuildInfo.Module> main = Optional.empty();
        List<GoBuildInfo.Module> dependencies = new ArrayList<>();
        List<GoBuildInfo.Setting> settings = new ArrayList<>();
        boolean lastWasMain = false;
        for (String line : text.split("\n", MAX_LINES)) {
            String[] fields = line.split("\t", -1);
            switch (fields[0]) {
                case "path" -> path = field(fields, 1);
                case "mod" -> {
                    main = Optional.of(module(fields));
                    lastWasMain = true;
                }
                case "dep" -> {
                    dependencies.add(module(fields));
                    lastWasMain = false;
                }
                case "=>" -> {
                    if (lastWasMain) {
                        main = main.map(m -> replaced(m, fields));
                    } else if (!dependencies.isEmpty()) {
                        dependencies.add(replaced(dependencies.removeLast(), fields));
                    }
                }
                case "build" -> setting(line.substring("build".length())).ifPresent(settings::add);
                default -> {
                    // A later Go may add kinds of lines; the ones known keep their meaning.
                }
            }
        }
        return new GoBuildInfo(
                version, path, main, List.copyOf(dependencies), List.copyOf(settings));
    }

    private static GoBuildInfo.Module module(String[] fields) {
        return new GoBuildInfo.Module(
                field(fields, 1), field(fields, 2), field(fields, 3), Optional.empty());
    }

    private static GoBuildInfo.Module replaced(GoBuildInfo.Module module, String[] by) {
        return new GoBuildInfo.Module(
                module.path(), module.version(), module.sum(), Optional.of(module(by)));
    }

    private static String field(String[] fields, int index) {
        return index < fields.length ? fields[index] : "";
    }

    private static Optional<GoBuildInfo.Setting> setting(String tabAndSetting) {
        String text = tabAndSetting.strip();
        int end = text.startsWith("\"") ? closingQuote(text) + 1 : text.indexOf('=');
        if (end <= 0 || end >= text.length() || text.charAt(end) != '=') {
            return Optional.empty();
        }
        return Optional.of(
                new GoBuildInfo.Setting(
                        unquoted(text.substring(0, end)), unquoted(text.substring(end + 1))));
    }

    private static int closingQuote(String text) {
        for (int i = 1; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == '"') {
                return i;
            }
        }
        return -1;
    }

    /// Go quotes keys and values that hold spaces, quotes or `=`.
    private static String unquoted(String text) {
        if (text.length() < 2) {
            return text;
        }
        char quote = text.charAt(0);
        if (quote == '`' && text.endsWith("`")) {
            return text.substring(1, text.length() - 1);
        }
        if (quote != '"' || !text.endsWith("\"")) {
            return text;
        }
        StringBuilder plain = new StringBuilder();
        for (int i = 1; i < text.length() - 1; i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() - 1) {
                char escaped = text.charAt(++i);
                switch (escaped) {
                    case 'n' -> plain.append('\n');
                    case 't' -> plain.append('\t');
                    case '"', '\\' -> plain.append(escaped);
                    default -> plain.append('\\').append(escaped);
                }
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
