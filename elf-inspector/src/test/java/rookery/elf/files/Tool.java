package rookery.elf.files;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Who else reads ELF files.
enum Tool {
    READELF("readelf -W -h -l -S -d -V -s -n", "readelf -W -c -h -S -s"),
    EU_READELF("eu-readelf -h -l -S -d -V -s -n", "eu-readelf -c -h -S -s");

    private static final Pattern INDEX =
            Pattern.compile("Index of archive '?(/.*?)'?(?:: \\(| has )\\d+ entries.*");
    private static final String READELF_HEADING = "File: ";

    private final String ofFiles;
    private final String ofArchives;

    Tool(String ofFiles, String ofArchives) {
        this.ofFiles = ofFiles;
        this.ofArchives = ofArchives;
    }

    List<String> command(boolean archives) {
        return List.of((archives ? ofArchives : ofFiles).split(" ", -1));
    }

    /// The file, or `ARCHIVE(MEMBER)`, that the lines from this one on are about; empty if this
    /// line does not say so.
    String headed(String line) {
        if (line.startsWith("Index of archive ")) {
            Matcher index = INDEX.matcher(line);
            return index.matches() ? index.group(1) : "";
        }
        return switch (this) {
            case READELF ->
                    line.startsWith(READELF_HEADING)
                            ? withoutPadding(line.substring(READELF_HEADING.length()))
                            : "";
            case EU_READELF ->
                    line.startsWith("/") && line.endsWith(":")
                            ? line.substring(0, line.length() - 1)
                            : "";
        };
    }

    /// Go's archives fill short names up with blanks, which readelf prints.
    private static String withoutPadding(String name) {
        return name.endsWith(" )")
                ? name.substring(0, name.length() - 1).stripTrailing() + ")"
                : name;
    }

    String word() {
        return ofFiles.substring(0, ofFiles.indexOf(' '));
    }
}
