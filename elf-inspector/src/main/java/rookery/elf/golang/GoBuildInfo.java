package rookery.elf.golang;

import java.util.List;
import java.util.Optional;

/// How a Go program was built.
///
/// @param goVersion as Go writes it: `go1.26.8`, sometimes with experiments behind it
/// @param path the main package's import path; empty where modules were not used
/// @param main the main module
/// @param dependencies the other modules that are linked in
/// @param settings build settings in file order: `CGO_ENABLED=1`, `GOAMD64=v3`, `-ldflags=…`
public record GoBuildInfo(
        String goVersion,
        String path,
        Optional<Module> main,
        List<Module> dependencies,
        List<Setting> settings) {

    /// A module in the program.
    ///
    /// @param sum its checksum in go.sum's form; empty for the main module
    /// @param replacedBy the module that was built in its place
    public record Module(String path, String version, String sum, Optional<Module> replacedBy) {}

    /// One build setting.
    public record Setting(String key, String value) {}

    public Optional<String> setting(String key) {
        for (Setting setting : settings) {
            if (setting.key().equals(key)) {
                return Optional.of(setting.value());
            }
        }
        return Optional.empty();
    }

    /// "1.26.8".
    public String version() {
        String first = goVersion.split(" ", 2)[0];
        return first.startsWith("go") ? first.substring(2) : first;
    }

    /// True when the build allowed C code. That there is any is another question.
    public boolean cgoEnabled() {
        return setting("CGO_ENABLED").map("1"::equals).orElse(false);
    }
}
