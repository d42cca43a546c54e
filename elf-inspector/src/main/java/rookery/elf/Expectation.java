package rookery.elf;

/// What a binary was built to be.
///
/// @param cgo C code was asked for, so a build without it is a mistake
public record Expectation(Target target, boolean cgo) {
    /// For a platform string such as `linux/arm64`; nothing is said about C code.
    public static Expectation of(String platform) {
        return new Expectation(Target.parse(platform), false);
    }

    /// The same, with C code asked for.
    public Expectation withCgo() {
        return new Expectation(target, true);
    }
}
