package rookery.model;

/// What compiles C for a CHOST. Steps see crossdev's names whichever it is.
public enum Toolchain {
    /// Portage from its Python package and zig's C compiler behind crossdev's names; any Linux, no
    /// root.
    PORTABLE;

    public String word() {
        return switch (this) {
            case PORTABLE -> "portable";
        };
    }
}
