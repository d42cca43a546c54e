package rookery.elf;

import java.util.Optional;

/// A symbol of `.symtab` or `.dynsym`.
///
/// @param binding `STB_*`: 0 local, 1 global, 2 weak
/// @param kind `STT_*`: 1 object, 2 function, 10 an IFUNC
/// @param section `st_shndx`; 0 means that another file must define it
/// @param version the version that is wanted or defined, as in `GLIBC_2.34`
public record Symbol(
        String name,
        int binding,
        int kind,
        int section,
        long value,
        long sizeBytes,
        Optional<String> version) {
    private static final int GLOBAL = 1;

    public boolean isUndefined() {
        return section == 0;
    }

    /// True when the program cannot do without a definition from somewhere else.
    public boolean isMissing() {
        return isUndefined() && binding == GLOBAL && !name.isEmpty();
    }
}
