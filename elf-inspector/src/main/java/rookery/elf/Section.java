package rookery.elf;

/// A section header. Evidence only: neither kernel nor loader reads it, and it may be missing or
/// false.
///
/// @param type `sh_type`
/// @param flags `sh_flags`
public record Section(
        String name,
        int type,
        long flags,
        long address,
        long offset,
        long sizeBytes,
        int link,
        int info,
        long align,
        long entryBytes) {
    static final int SYMTAB = 2;
    static final int STRTAB = 3;
    static final int NOBITS = 8;
    static final int DYNSYM = 11;
}
