package rookery.elf;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a program shall run: an operating system, an architecture, and for amd64 perhaps a level.
///
/// @param os GOOS
/// @param level the x86-64 level, 1 to 4; 1 for all other architectures
public record Target(String os, Arch arch, int level) {
    private static final Pattern PLATFORM =
            Pattern.compile("([a-z0-9]+)/([a-z0-9]+)(/[a-z0-9.]+)?");
    private static final Pattern LEVEL = Pattern.compile("/v([1-4])");

    /// From an OCI platform string such as `linux/amd64/v3` or `linux/arm64/v8`.
    ///
    /// @throws IllegalArgumentException for an architecture that this module does not know
    public static Target parse(String platform) {
        Matcher matcher = PLATFORM.matcher(platform);
        Optional<Arch> arch = matcher.matches() ? Arch.named(matcher.group(2)) : Optional.empty();
        if (arch.isEmpty()) {
            throw new IllegalArgumentException(
                    "'"
                            + platform
                            + "' is no platform that binaries can be inspected for; write it like linux/arm64");
        }
        int level = 1;
        if (arch.get() == Arch.AMD64 && matcher.group(3) != null) {
            Matcher digits = LEVEL.matcher(matcher.group(3));
            if (!digits.matches()) {
                throw new IllegalArgumentException(
                        "'" + platform + "': the levels of amd64 are v1, v2, v3, v4");
            }
            level = Integer.parseInt(digits.group(1));
        }
        return new Target(matcher.group(1), arch.get(), level);
    }

    /// "linux/amd64/v3".
    @Override
    public String toString() {
        return os + "/" + arch.goName() + (level > 1 ? "/v" + level : "");
    }
}
