package rookery.agent.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rookery.model.AgentFacts;
import rookery.model.Blame;
import rookery.model.RookeryException;
import rookery.model.Target;
import rookery.model.Toolchain;
import rookery.oci.Digest;
import rookery.oci.layout.Sha256;

/// Finds out what the machine can do.
public final class HostFacts {
    private static final Digest OWN_CPU = new Digest("0".repeat(64));
    private static final Pattern MEMORY = Pattern.compile("MemTotal:\\s+([0-9]{1,15}) kB");
    private static final Pattern GO = Pattern.compile("go[0-9]+\\.[0-9]+\\S*");

    private HostFacts() {}

    /// @param goRoot the Go that builds; its version is read from its file
    /// @param cache a directory for what is remembered
    public static AgentFacts gather(
            Path goRoot,
            PortableToolchain toolchain,
            int slots,
            SortedSet<String> labels,
            Path cache)
            throws IOException {
        Target own = own();
        SortedMap<Toolchain, Digest> toolchains = new TreeMap<>();
        toolchains.put(Toolchain.PORTABLE, toolchain.identity());
        SortedMap<String, Digest> emulators = new TreeMap<>();
        for (Target target : Target.all()) {
            Optional<Path> emulator = emulator(target);
            if (emulator.isPresent() && !emulators.containsKey(target.architecture()))
                emulators.put(target.architecture(), Sha256.of(emulator.get()).digest());
        }
        emulators.put(own.architecture(), OWN_CPU);
        return new AgentFacts(
                own.architecture(),
                HostTools.fingerprint(cache.resolve("host-tools")),
                goVersion(goRoot),
                toolchains,
                emulators,
                Runtime.getRuntime().availableProcessors(),
                memory(),
                slots,
                labels);
    }

    /// The static qemu-user for a target, where the machine has it.
    public static Optional<Path> emulator(Target target) {
        return target.emulator()
                .map(suffix -> Path.of("/usr/bin/qemu-" + suffix + "-static"))
                .filter(Files::isExecutable);
    }

    /// Whether binaries of the target run on this machine's own CPU.
    public static boolean isOwn(Target target) {
        return own().architecture().equals(target.architecture());
    }

    /// The kernel's word for a CPU is what QEMU's is, Java's is that or Go's.
    private static Target own() {
        String java = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return Target.all().stream()
                .filter(t ->
                        t.architecture().equals(java) || t.emulator().equals(Optional.of(java)))
                .findFirst()
                .orElseThrow(() ->
                        new RookeryException(
                                Blame.HOST,
                                "this machine's CPU '"
                                        + java
                                        + "' is none that Rookery builds on; use one of "
                                        + Target.all().stream()
                                                .map(Target::architecture)
                                                .distinct()
                                                .toList()));
    }

    private static String goVersion(Path goRoot) {
        Path file = goRoot.resolve("VERSION");
        try {
            String first = Files.readString(file).lines().findFirst().orElse("");
            if (GO.matcher(first).matches()) return first;
            throw new RookeryException(
                    Blame.HOST,
                    file + " begins with '" + first + "', which is no Go version; reinstall Go");
        } catch (IOException e) {
            throw new RookeryException(
                    Blame.HOST,
                    "no Go was found at "
                            + goRoot
                            + " ("
                            + file
                            + " cannot be read); install Go, or name its GOROOT in ROOKERY_GOROOT",
                    e);
        }
    }

    private static long memory() throws IOException {
        Matcher m = MEMORY.matcher(Files.readString(Path.of("/proc/meminfo")));
        return m.find() ? Long.parseLong(m.group(1)) << 10 : 0;
    }
}
