package rookery.elf.files;

import java.util.List;
import java.util.Optional;

/// Why a tool says something else and ours is right. Each was looked into by hand.
enum Explanation {
    VERSION_OF_A_COPY(
            "a library's variable that the program holds a copy of keeps the library's version, as readelf shows; eu-readelf shows versions only of undefined symbols and of those that the file itself defines versions for"),
    EMPTY_INDEX(
            "readelf -c gives up on an archive whose index lists no symbol; eu-readelf agrees with us on the members"),
    FOREIGN_MEMBER(
            "eu-readelf stops at a member that is no ELF file, such as the first one of Go's archives; readelf reads on and agrees with us"),
    NAME_WITH_SLASH(
            "libelf cuts a member's name at its first slash, and zig gives whole paths as names; readelf agrees with us");

    private static final int SECTION_FIELD = 5;
    private static final String UNDEFINED = "0";

    private final String reason;

    Explanation(String reason) {
        this.reason = reason;
    }

    String reason() {
        return reason;
    }

    /// For two facts at the same place.
    static Optional<Explanation> of(Tool tool, Facts.Kind kind, String our, String their) {
        int version = our.lastIndexOf('@');
        if (tool == Tool.EU_READELF
                && kind == Facts.Kind.DYNAMIC_SYMBOLS
                && version > 0
                && !our.split(" ", -1)[SECTION_FIELD].equals(UNDEFINED)
                && Facts.agree(our.substring(0, version), their)) {
            return Optional.of(VERSION_OF_A_COPY);
        }
        return Optional.empty();
    }

    /// For the list of an archive's members, of which a tool shows fewer.
    static Optional<Explanation> ofMembers(
            Tool tool, Corpus.Members ours, List<Corpus.Printed> theirs) {
        boolean emptyIndex =
                !ours.elf().isEmpty()
                        && ours.elf()
                                .getFirst()
                                .facts()
                                .of(Facts.Kind.INDEX)
                                .equals(List.of("symbols 0"));
        if (tool == Tool.READELF && emptyIndex && theirs.isEmpty()) {
            return Optional.of(EMPTY_INDEX);
        }
        boolean stopped = ours.others() && theirs.size() < ours.elf().size();
        return tool == Tool.EU_READELF && stopped ? Optional.of(FOREIGN_MEMBER) : Optional.empty();
    }

    /// For the name of a member.
    static Optional<Explanation> ofName(Tool tool, String our, String their) {
        int slash = our.indexOf('/');
        return tool == Tool.EU_READELF && slash >= 0 && our.substring(0, slash).equals(their)
                ? Optional.of(NAME_WITH_SLASH)
                : Optional.empty();
    }
}
