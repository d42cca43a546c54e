package rookery.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import rookery.cli.farm.FarmClient;

/// What commands get from outside, in one place so that tests can give them something else.
///
/// @param directory the working directory
/// @param out data, `err` talk
/// @param farms starts the farm in this process, `remote` finds one that runs elsewhere
/// @param requestIds an id for each submitted job that nobody else uses
record Context(
        Map<String, String> env,
        Path directory,
        PrintStream out,
        PrintStream err,
        Terminal terminal,
        FarmClient.Starter farms,
        FarmClient.Finder remote,
        InstantSource clock,
        Interrupts interrupts,
        Supplier<String> requestIds) {

    /// Where state lies that should outlive a run, as the XDG base directories have it.
    Path state() {
        return variable("XDG_STATE_HOME")
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElseGet(() -> home().resolve(".local/state"))
                .resolve("rookery");
    }

    /// Where lies what may be deleted at any time.
    Path cache() {
        return variable("XDG_CACHE_HOME")
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElseGet(() -> home().resolve(".cache"))
                .resolve("rookery");
    }

    /// A variable that is set and not empty.
    Optional<String> variable(String name) {
        return Optional.ofNullable(env.get(name)).filter(v -> !v.isEmpty());
    }

    /// This user's home directory.
    Path home() {
        return Path.of(variable("HOME").orElse(System.getProperty("user.home")));
    }
}
