package rookery.elf;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// PT_DYNAMIC: what a loader is told to do.
///
/// @param entries in file order, without the closing DT_NULL
/// @param needed the DT_NEEDED names in order
/// @param versionNeeds which versions of which libraries the symbols want
/// @param exports other files can link against it: its hash table lists symbols
public record Dynamic(
        List<Entry> entries,
        List<String> needed,
        Optional<String> soname,
        Optional<String> rpath,
        Optional<String> runpath,
        List<VersionNeed> versionNeeds,
        boolean exports) {
    static final long NULL = 0;
    static final long NEEDED = 1;
    static final long HASH = 4;
    static final long STRTAB = 5;
    static final long SYMTAB = 6;
    static final long RELA = 7;
    static final long RELASZ = 8;
    static final long STRSZ = 10;
    static final long SONAME = 14;
    static final long RPATH = 15;
    static final long REL = 17;
    static final long RELSZ = 18;
    static final long PLTREL = 20;
    static final long DEBUG = 21;
    static final long TEXTREL = 22;
    static final long JMPREL = 23;
    static final long BIND_NOW = 24;
    static final long RUNPATH = 29;
    static final long FLAGS = 30;
    static final long PLTRELSZ = 2;
    static final long RELRSZ = 35;
    static final long RELR = 36;
    static final long GNU_HASH = 0x6ffffef5L;
    static final long VERSYM = 0x6ffffff0L;
    static final long FLAGS_1 = 0x6ffffffbL;
    static final long VERDEF = 0x6ffffffcL;
    static final long VERDEFNUM = 0x6ffffffdL;
    static final long VERNEED = 0x6ffffffeL;
    static final long VERNEEDNUM = 0x6fffffffL;

    private static final long FLAGS_TEXTREL = 4;
    private static final long FLAGS_BIND_NOW = 8;
    private static final long FLAGS_1_NOW = 1;
    private static final long FLAGS_1_PIE = 0x08000000L;

    /// One tag and its value.
    public record Entry(long tag, long value) {}

    /// A version that must be found in a library: `GLIBC_2.34` of `libc.so.6`.
    ///
    /// @param index the number that stands for it in the symbols' version table
    public record VersionNeed(String library, String version, int index, boolean weak) {}

    /// The first value under a tag.
    public OptionalLong value(long tag) {
        for (Entry entry : entries) {
            if (entry.tag() == tag) {
                return OptionalLong.of(entry.value());
            }
        }
        return OptionalLong.empty();
    }

    /// True for a position-independent *program*; a library has neither mark. Linkers write
    /// DT_DEBUG into programs only, so it also shows those from before DF_1_PIE.
    public boolean isProgram() {
        return (value(FLAGS_1).orElse(0) & FLAGS_1_PIE) != 0 || value(DEBUG).isPresent();
    }

    /// True when all symbols are bound before the program starts.
    public boolean bindsNow() {
        return value(BIND_NOW).isPresent()
                || (value(FLAGS).orElse(0) & FLAGS_BIND_NOW) != 0
                || (value(FLAGS_1).orElse(0) & FLAGS_1_NOW) != 0;
    }

    /// True when code must be changed while it is loaded.
    public boolean hasTextRelocations() {
        return value(TEXTREL).isPresent() || (value(FLAGS).orElse(0) & FLAGS_TEXTREL) != 0;
    }
}
