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
    static final int RELA = 4;
    static final int NOTE = 7;
    static final int NOBITS = 8;
    static final int REL = 9;
    static final int DYNSYM = 11;
    static final int RELR = 19;

    private static final long ALLOCATED = 2;
    private static final long COMPRESSED = 0x800;

    /// True when it is part of the program in memory.
    public boolean isLoaded() {
        return (flags & ALLOCATED) != 0;
    }

    /// True when its bytes are packed and begin with a compression header.
    public boolean isCompressed() {
        return (flags & COMPRESSED) != 0 && type != NOBITS;
    }

    /// True when it takes bytes of the file.
    public boolean hasBytes() {
        return type != NOBITS && type != 0;
    }
}
