package rookery.elf;

/// The file header.
///
/// @param layout how the file is really laid out; what it declares is in `ident`
/// @param machine `e_machine`
/// @param flags `e_flags`
/// @param sectionNames the index of the section that holds the sections' names
public record ElfHeader(
        Ident ident,
        Layout layout,
        ElfType type,
        int machine,
        long entry,
        int flags,
        Table programHeaders,
        Table sectionHeaders,
        long sectionNames) {

    /// `e_ident`, which Linux does not read beyond its magic.
    public record Ident(int elfClass, int data, int version, int osAbi, int abiVersion) {}

    /// A table of headers: `count` entries of `entryBytes` each at `offset`.
    public record Table(long offset, int entryBytes, long count) {}

    /// True when EI_CLASS and EI_DATA say what the file is. Where they do not, tools that trust
    /// them read garbage.
    public boolean identIsTrue() {
        int elfClass = layout.wide() ? 2 : 1;
        int data = layout.order() == java.nio.ByteOrder.LITTLE_ENDIAN ? 1 : 2;
        return ident.elfClass() == elfClass && ident.data() == data;
    }
}
