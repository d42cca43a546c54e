package rookery.elf;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a program shall run: an operating system, an architecture, and perhaps a level of it.
///
/// @param os GOOS
/// @param level the x86-64 level, 1 to 4; for arm 5 to 7; 1 for all other architectures
public record Target(String os, Arch arch, int level) {
    private static final Pattern PLATFORM =
            Pattern.compile("([a-z0-9]+)/([a-z0-9]+)(/[a-z0-9.]+)?");
    private static final Pattern AMD64_LEVEL = Pattern.compile("/v([1-4])");
    private static final Pattern ARM_LEVEL = Pattern.compile("/v([5-8])");

    /// OCI's default for linux/arm, and Go's.
    private static final int USUAL_ARM = 7;

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
        String variant = matcher.group(3);
        if (arch.get() == Arch.AMD64 && variant != null) {
            level = level(platform, AMD64_LEVEL.matcher(variant), "amd64 are v1, v2, v3, v4");
        } else if (arch.get() == Arch.ARM) {
            level =
                    variant == null
                            ? USUAL_ARM
                            : level(platform, ARM_LEVEL.matcher(variant), "arm are v5, v6, v7, v8");
        }
        return new Target(matcher.group(1), arch.get(), level);
    }

    private static int level(String platform, Matcher digits, String known) {
        if (!digits.matches()) {
            throw new IllegalArgumentException("'" + platform + "': the levels of " + known);
        }
        return Integer.parseInt(digits.group(1));
    }

    /// "linux/amd64/v3".
    @Override
    public String toString() {
        boolean usual = level == (arch == Arch.ARM ? USUAL_ARM : 1);
        return os + "/" + arch.goName() + (usual ? "" : "/v" + level);
    }
}
