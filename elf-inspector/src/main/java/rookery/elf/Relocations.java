package rookery.elf;

/// How many relocations are done before the program starts, by kind.
///
/// @param relative add the load address, nothing else; packed ones (RELR) counted too
/// @param irelative call a function that chooses an implementation (IFUNC)
/// @param symbolic look a symbol up
public record Relocations(long relative, long irelative, long symbolic) {
    static final Relocations NONE = new Relocations(0, 0, 0);

    Relocations plus(Relocations other) {
        return new Relocations(
                relative + other.relative, irelative + other.irelative, symbolic + other.symbolic);
    }

    public long total() {
        return relative + irelative + symbolic;
    }
}
