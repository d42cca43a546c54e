package rookery.elf;

import java.util.Optional;

/// What a binary was built to be.
///
/// @param cgo C code was asked for, so a build without it is a mistake
/// @param kernel the oldest Linux that it shall run on, where that matters
public record Expectation(Target target, boolean cgo, Optional<Kernel> kernel) {
    public Expectation(Target target, boolean cgo) {
        this(target, cgo, Optional.empty());
    }

    /// For a platform string such as `linux/arm64`; nothing is said about C code.
    public static Expectation of(String platform) {
        return new Expectation(Target.parse(platform), false);
    }

    /// The same, with C code asked for.
    public Expectation withCgo() {
        return new Expectation(target, true, kernel);
    }

    /// The same, for machines with a kernel this old.
    public Expectation withKernel(Kernel oldest) {
        return new Expectation(target, cgo, Optional.of(oldest));
    }
}
