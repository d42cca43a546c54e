package rookery.model;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import rookery.oci.Platform;

/// One row of the one table that ties Go's, OCI's, GNU's, Portage's and QEMU's names of a platform
/// together. A new architecture is a new row here and nothing else in Java.
///
/// @param platform without a variant; a level makes one
/// @param chost crossdev's tuple
/// @param portageArch Portage's ARCH
/// @param levelVariable Go's variable for the CPU level
/// @param levels the CPU levels that can be asked for, with what each is called elsewhere; the
///   first is the default
/// @param emulator suffix of the static qemu-user that runs it (`qemu-aarch64-static`); empty where
///   none can
/// @param binarySuffix what an executable's name ends in
/// @param inImages whether an OCI image of it makes sense
public record Target(
        Platform platform,
        String chost,
        String portageArch,
        String levelVariable,
        List<Level> levels,
        Optional<String> emulator,
        String binarySuffix,
        boolean inImages) {

    /// A CPU level.
    ///
    /// @param name Go's word, as `v3`
    /// @param march what the C compiler is told; empty for its default
    /// @param variant OCI's variant; empty for none
    public record Level(String name, Optional<String> march, Optional<String> variant) {
        static Level of(String name, String march, String variant) {
            return new Level(
                    name,
                    Optional.of(march).filter(s -> !s.isEmpty()),
                    Optional.of(variant).filter(s -> !s.isEmpty()));
        }
    }

    private static final List<Level> AMD64 =
            List.of(
                    Level.of("v1", "", ""),
                    Level.of("v2", "x86-64-v2", "v2"),
                    Level.of("v3", "x86-64-v3", "v3"),
                    Level.of("v4", "x86-64-v4", "v4"));

    private static final List<Target> ALL =
            List.of(
                    new Target(
                            Platform.of("linux", "amd64"),
                            "x86_64-unknown-linux-musl",
                            "amd64",
                            "GOAMD64",
                            AMD64,
                            Optional.of("x86_64"),
                            "",
                            true),
                    new Target(
                            Platform.of("linux", "arm64"),
                            "aarch64-unknown-linux-musl",
                            "arm64",
                            "GOARM64",
                            List.of(
                                    Level.of("v8.0", "", ""),
                                    Level.of("v8.1", "armv8.1-a", ""),
                                    Level.of("v8.2", "armv8.2-a", ""),
                                    Level.of("v9.0", "armv9-a", "v9")),
                            Optional.of("aarch64"),
                            "",
                            true),
                    new Target(
                            Platform.of("linux", "riscv64"),
                            "riscv64-unknown-linux-musl",
                            "riscv",
                            "GORISCV64",
                            List.of(Level.of("rva20u64", "", "")),
                            Optional.of("riscv64"),
                            "",
                            true),
                    new Target(
                            Platform.of("windows", "amd64"),
                            "x86_64-w64-mingw32",
                            "amd64",
                            "GOAMD64",
                            AMD64,
                            Optional.empty(),
                            ".exe",
                            false));

    /// Every row, in the order in which people are shown them.
    public static List<Target> all() {
        return ALL;
    }

    public static Optional<Target> of(Platform platform) {
        return ALL.stream()
                .filter(t ->
                        t.platform.os().equals(platform.os())
                                && t.platform.architecture().equals(platform.architecture()))
                .findFirst();
    }

    public static Optional<Target> ofChost(String chost) {
        return ALL.stream().filter(t -> t.chost.equals(chost)).findFirst();
    }

    /// Orders platforms as people are shown them.
    public static Comparator<Platform> order() {
        return Comparator.comparingInt((Platform p) -> of(p).map(ALL::indexOf).orElse(ALL.size()))
                .thenComparing(Platform::toString);
    }

    public Level defaultLevel() {
        return levels.getFirst();
    }

    public Optional<Level> level(String name) {
        return levels.stream().filter(l -> l.name.equals(name)).findFirst();
    }

    public String os() {
        return platform.os();
    }

    public String architecture() {
        return platform.architecture();
    }
}
