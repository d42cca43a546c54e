package rookery.elf;

import java.util.List;

/// What kind of file this is, and who must be there to start it.
public sealed interface Linkage {
    /// A few words for people. Each kind has its own method, and not a case in a switch: the JVM
    /// builds switches over types at run time, which takes longer than inspecting a hundred files.
    String describe();

    /// Starts by itself.
    ///
    /// @param pie position-independent: it relocates itself, so it has a PT_DYNAMIC, but names no
    ///   library and no loader
    record Static(boolean pie) implements Linkage {
        @Override
        public String describe() {
            return "static" + (pie ? " (pie)" : "");
        }
    }

    /// Starts through a loader, which then looks for libraries.
    record Dynamic(boolean pie, List<String> needed, String interpreter) implements Linkage {
        @Override
        public String describe() {
            return "dynamic"
                    + (pie ? " (pie)" : "")
                    + ", needs "
                    + String.join(", ", needed)
                    + " and the loader "
                    + interpreter
                    + ",";
        }
    }

    /// Names a loader, but no library: `ldd` calls it static, the kernel says ENOENT where the
    /// loader is not there.
    record InterpOnly(String interpreter) implements Linkage {
        @Override
        public String describe() {
            return "needs the loader " + interpreter + " but no library,";
        }
    }

    /// Names libraries, but no loader that would find them: it crashes at once.
    record NeededNoInterp(List<String> needed) implements Linkage {
        @Override
        public String describe() {
            return "needs " + String.join(", ", needed) + " but names no loader,";
        }
    }

    record SharedLibrary(List<String> needed) implements Linkage {
        @Override
        public String describe() {
            return "shared library";
        }
    }

    /// A dynamic loader itself: a library that can be started.
    record Loader(String soname) implements Linkage {
        @Override
        public String describe() {
            return "dynamic loader";
        }
    }

    /// A `.o` file.
    record Relocatable() implements Linkage {
        @Override
        public String describe() {
            return "object file";
        }
    }

    /// The debug half of a stripped program: its code is in another file.
    record DebugOnly() implements Linkage {
        @Override
        public String describe() {
            return "debug information without code";
        }
    }

    record Core() implements Linkage {
        @Override
        public String describe() {
            return "core dump";
        }
    }

    /// An ELF file of a type that this module does not know.
    record OtherElf(int type) implements Linkage {
        @Override
        public String describe() {
            return "ELF file of type " + type;
        }
    }

    /// An `ar` archive.
    ///
    /// @param thin its members are other files
    record Archive(boolean thin) implements Linkage {
        @Override
        public String describe() {
            return thin ? "thin archive" : "archive";
        }
    }

    record PeExe(List<String> imports) implements Linkage {
        @Override
        public String describe() {
            return "program, imports "
                    + (imports.isEmpty() ? "nothing" : String.join(", ", imports))
                    + ",";
        }
    }

    record PeDll(List<String> imports) implements Linkage {
        @Override
        public String describe() {
            return "DLL";
        }
    }

    record MachO() implements Linkage {
        @Override
        public String describe() {
            return "Mach-O file";
        }
    }

    /// A text that another program runs.
    record Script(String interpreter) implements Linkage {
        @Override
        public String describe() {
            return "script for " + interpreter;
        }
    }

    /// Nothing of the above.
    record None() implements Linkage {
        @Override
        public String describe() {
            return "not an object file";
        }
    }

    /// Begins like an object file and then makes no sense.
    record Unreadable(long offsetBytes, String reason) implements Linkage {
        @Override
        public String describe() {
            return "damaged: byte " + Long.toUnsignedString(offsetBytes) + ": " + reason;
        }
    }

    /// All words that [#word] gives.
    List<String> WORDS =
            List.of(
                    "static",
                    "static-pie",
                    "dynamic",
                    "dynamic-pie",
                    "interp-only",
                    "needed-no-interp",
                    "shared-lib",
                    "loader",
                    "relocatable",
                    "debug-only",
                    "core",
                    "other-elf",
                    "archive",
                    "thin-archive",
                    "pe-exe",
                    "pe-dll",
                    "macho",
                    "script",
                    "none",
                    "unreadable");

    /// The stable word for tables and JSON.
    default String word() {
        return switch (this) {
            case Static(boolean pie) -> pie ? "static-pie" : "static";
            case Dynamic(boolean pie, _, _) -> pie ? "dynamic-pie" : "dynamic";
            case InterpOnly _ -> "interp-only";
            case NeededNoInterp _ -> "needed-no-interp";
            case SharedLibrary _ -> "shared-lib";
            case Loader _ -> "loader";
            case Relocatable _ -> "relocatable";
            case DebugOnly _ -> "debug-only";
            case Core _ -> "core";
            case OtherElf _ -> "other-elf";
            case Archive(boolean thin) -> thin ? "thin-archive" : "archive";
            case PeExe _ -> "pe-exe";
            case PeDll _ -> "pe-dll";
            case MachO _ -> "macho";
            case Script _ -> "script";
            case None _ -> "none";
            case Unreadable _ -> "unreadable";
        };
    }
}
