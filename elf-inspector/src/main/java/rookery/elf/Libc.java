package rookery.elf;

import java.util.List;
import java.util.Optional;

/// Which C library is inside, or wanted.
///
/// @param certain false when only the absence of other marks speaks for it: a stripped musl program
///   may carry no mark of its own
/// @param version where the file shows it; for a dynamic glibc program the newest symbol version
///   that it wants
/// @param evidence what was seen, for people
public record Libc(Kind kind, boolean certain, Optional<String> version, List<String> evidence) {
    /// The C libraries that are told apart.
    public enum Kind {
        MUSL("musl"),
        GLIBC("glibc"),
        /// Pure Go: no C code at all.
        GO("go"),
        MSVCRT("msvcrt"),
        /// There is a C library, but which one is not known.
        UNKNOWN("unknown"),
        NONE("none");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /// The stable word for tables and JSON.
        public String word() {
            return word;
        }
    }

    static Libc of(Kind kind, String... evidence) {
        return new Libc(kind, true, Optional.empty(), List.of(evidence));
    }
}
