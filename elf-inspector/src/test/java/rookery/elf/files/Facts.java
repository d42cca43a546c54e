package rookery.elf.files;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What is known of one ELF file or one archive, as texts that can be compared: from us, or read
/// from what a tool printed. A field of `*` is one that a tool does not print as a number.
final class Facts {
    /// In the order in which they are compared.
    enum Kind {
        HEADER,
        SECTIONS,
        SEGMENTS,
        DYNAMIC,
        VERSION_NEEDS,
        DYNAMIC_SYMBOLS,
        SYMBOLS,
        NOTES,
        INDEX
    }

    static final String UNKNOWN = "*";

    private final Map<Kind, List<String>> facts = new EnumMap<>(Kind.class);

    void add(Kind kind, String fact) {
        facts.computeIfAbsent(kind, _ -> new ArrayList<>()).add(fact);
    }

    void addOnce(Kind kind, String fact) {
        if (!of(kind).contains(fact)) {
            add(kind, fact);
        }
    }

    List<String> of(Kind kind) {
        return facts.getOrDefault(kind, List.of());
    }

    boolean isEmpty() {
        return facts.isEmpty();
    }

    /// True when two facts say the same, as far as both say something.
    static boolean agree(String our, String their) {
        if (our.equals(their)) {
            return true;
        }
        if (!their.contains(UNKNOWN)) {
            return false;
        }
        String[] ours = our.split(" ", -1);
        String[] theirs = their.split(" ", -1);
        if (ours.length != theirs.length) {
            return false;
        }
        for (int i = 0; i < ours.length; i++) {
            if (!theirs[i].equals(UNKNOWN) && !theirs[i].equals(ours[i])) {
                return false;
            }
        }
        return true;
    }

    /// A name as one field: readelf writes ^A for the first control character, which assemblers
    /// have in local labels, and some section's names hold blanks.
    static String word(String name) {
        var text = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c < ' ') {
                text.append('^').append((char) (c + '@'));
            } else {
                text.append(c == ' ' ? '_' : c);
            }
        }
        return text.toString();
    }
}
