package rookery.elf;

/// `e_type`: what the file says that it is.
public sealed interface ElfType {
    /// The types that the format names.
    enum Known implements ElfType {
        NONE,
        RELOCATABLE,
        EXECUTABLE,
        SHARED,
        CORE
    }

    /// Any other number.
    record Unknown(int code) implements ElfType {}

    static ElfType of(int code) {
        Known[] known = Known.values();
        return code >= 0 && code < known.length ? known[code] : new Unknown(code);
    }
}
