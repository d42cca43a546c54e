package rookery.agent.recipe;

/// Where a step sees what. Paths inside the sandbox never change, because they end up in what is
/// built.
public enum Place {
    /// Synthetic: users, groups, host names; nothing of the machine's own configuration.
    ETC("/etc", false),
    /// The Gentoo Prefix with the toolchain, made at this very path.
    PREFIX("/prefix", false),
    /// Portage's own state; fresh for each step. Lies below [#PREFIX], so it is mounted after it.
    VAR("/prefix/var", true),
    /// The user's `/etc/portage`-shaped directory.
    CONFIG("/config", false),
    /// The C compiler's cache, a copy per step.
    ZIG("/zig", true),
    SYSROOT("/sysroot", true),
    /// Exactly the planned binary packages.
    BINPKGS("/binpkgs", false),
    /// Exactly the package's source archives.
    DISTFILES("/distfiles", false),
    /// Scratch, and HOME.
    BUILD("/build", true),
    /// The job's own files.
    SRC("/src", false),
    /// What of a module proxy the program needs.
    MODULES("/modules", false),
    /// Go's build cache, shared within a trust domain.
    GOCACHE("/gocache", true),
    GOROOT("/opt/go", false),
    /// Results.
    OUT("/out", true),
    /// The resources that make a prefix.
    SETUP("/setup", false),
    /// The wheels that make a prefix.
    WHEELS("/wheels", false),
    /// A program to be started in an empty root; its name there is its own.
    BINARY("/", false),
    /// What runs a program of a foreign CPU.
    EMULATOR("/.qemu", false);

    private final String inside;
    private final boolean writable;

    Place(String inside, boolean writable) {
        this.inside = inside;
        this.writable = writable;
    }

    public String inside() {
        return inside;
    }

    public boolean isWritable() {
        return writable;
    }
}
