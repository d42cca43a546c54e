package rookery.elf;

/// A string in a program that tells what was linked into it, even when it is stripped.
public enum Mark {
    /// glibc's start-up code looks for this variable.
    GLIBC("GLIBC_TUNABLES"),
    /// musl's table of error texts, in the order of its own error list.
    MUSL_ERRORS("Illegal byte sequence\0Domain error\0"),
    MUSL_LOADER("ld-musl"),
    /// musl's start-up code opens it for set-uid programs; glibc's does too, and so does Go's
    /// runtime.
    NULL_DEVICE("/dev/null\0"),
    /// Go's build information begins with it; programs that read such information have it too.
    GO_BUILD_INFO("\u00ff Go buildinf:"),
    /// A function of Go's runtime/cgo that every program with C code has.
    CGO("_cgo_topofstack"),
    MUSL_DLOPEN("Dynamic loading not supported"),
    /// The modules that glibc looks for when it resolves a host or a user.
    GLIBC_NSS("libnss_%s.so"),
    /// system() and popen() of every C library; Go's texts have no NUL behind them.
    SHELL("/bin/sh\0"),
    /// localtime() of glibc and musl.
    LOCAL_TIME("/etc/localtime\0"),
    /// The name of a Go function that reads the system's certificates; names of functions stay in
    /// stripped programs.
    GO_CERTIFICATES("crypto/x509.loadSystemRoots\0"),
    GO_TIME_ZONE("time.LoadLocation\0"),
    /// Time zones that were built in (`-tags timetzdata`).
    GO_OWN_TIME_ZONES("time/tzdata.");

    private final String text;

    Mark(String text) {
        this.text = text;
    }

    String text() {
        return text;
    }
}
