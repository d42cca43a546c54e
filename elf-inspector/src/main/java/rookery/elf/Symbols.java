package rookery.elf;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a program's symbol tables tell about it, gathered in one walk.
///
/// @param present false for a stripped program: then an absent name says nothing
/// @param missing strong undefined symbols, at most [#MAX_MISSING]
/// @param telling defined functions that findings are made from, with their addresses
/// @param fortified `__*_chk` functions that are called or contained, at most [#MAX_FORTIFIED]
/// @param canary a stack check is called or contained
public record Symbols(
        boolean present,
        List<String> missing,
        SortedMap<String, Long> telling,
        SortedSet<String> fortified,
        boolean canary) {
    static final int MAX_MISSING = 64;
    static final int MAX_FORTIFIED = 16;

    static final Symbols NONE =
            new Symbols(false, List.of(), new TreeMap<>(), new TreeSet<>(), false);

    /// Functions that need something of the machine even when they are linked statically, and those
    /// that show a libc.
    private static final SortedSet<String> TELLING =
            new TreeSet<>(
                    List.of(
                            "getaddrinfo",
                            "getpwnam",
                            "getpwnam_r",
                            "getpwuid",
                            "getpwuid_r",
                            "getgrnam",
                            "getgrgid",
                            "gethostbyname",
                            "getgrouplist",
                            "iconv_open",
                            "dlopen",
                            "setlocale",
                            "localtime",
                            "system",
                            "popen",
                            "_cgo_topofstack",
                            "x_cgo_init",
                            "__init_libc",
                            "__libc_start_main",
                            "__libc_setup_tls",
                            "_dl_relocate_static_pie"));

    /// Collects from symbols as they come.
    static final class Collector {
        private final List<String> missing = new ArrayList<>();
        private final SortedMap<String, Long> telling = new TreeMap<>();
        private final SortedSet<String> fortified = new TreeSet<>();
        private boolean present;
        private boolean canary;

        void see(Symbol symbol) {
            String name = symbol.name();
            present = true;
            if (symbol.isMissing() && missing.size() < MAX_MISSING) {
                missing.add(name);
            }
            if (!symbol.isUndefined() && TELLING.contains(name)) {
                telling.put(name, symbol.value());
            }
            seeHardening(name);
        }

        /// Of the dynamic table only hardening is read: its missing symbols are the loader's job.
        void seeDynamic(Symbol symbol) {
            seeHardening(symbol.name());
        }

        private void seeHardening(String name) {
            if (name.startsWith("__")) {
                if (name.startsWith("__stack_chk_fail") || name.equals("__stack_chk_guard")) {
                    canary = true;
                } else if (name.endsWith("_chk") && fortified.size() < MAX_FORTIFIED) {
                    fortified.add(name);
                }
            }
        }

        Symbols result() {
            return new Symbols(present, List.copyOf(missing), telling, fortified, canary);
        }
    }
}
