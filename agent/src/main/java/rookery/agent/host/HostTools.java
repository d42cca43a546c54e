package rookery.agent.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import rookery.oci.Digest;
import rookery.oci.layout.Sha256;

/// The fingerprint of what a build can reach of the machine's own programs, by content.
///
/// Reading some forty programs takes a while, so each one's digest is kept in a small file with the
/// size, time and inode it had then; a program that still has them is not read again.
public final class HostTools {
    private static final List<String> PROGRAMS =
            List.of(
                    "ar",
                    "as",
                    "autoconf",
                    "automake",
                    "awk",
                    "bash",
                    "bison",
                    "bzip2",
                    "cc",
                    "cmake",
                    "cp",
                    "dash",
                    "file",
                    "find",
                    "flex",
                    "g++",
                    "gcc",
                    "gperf",
                    "grep",
                    "gzip",
                    "install",
                    "ld",
                    "libtool",
                    "libtoolize",
                    "m4",
                    "make",
                    "meson",
                    "msgfmt",
                    "nasm",
                    "ninja",
                    "nm",
                    "objdump",
                    "patch",
                    "perl",
                    "pkg-config",
                    "pkgconf",
                    "python3",
                    "ranlib",
                    "readelf",
                    "sed",
                    "sh",
                    "sort",
                    "tar",
                    "tclsh",
                    "unzip",
                    "xz",
                    "yasm",
                    "zstd");

    private static final List<String> DIRECTORIES =
            List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin");

    /// Globs for what is reached through those programs.
    private static final List<String> LIBRARIES =
            List.of("libc.so.6", "ld-linux*", "ld-musl*", "libstdc++.so.6", "libc.musl*");

    private static final List<String> LIBRARY_DIRECTORIES =
            List.of("/usr/lib", "/usr/lib64", "/lib", "/lib64");

    private static final int MAX_LINES = 1_000;
    private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

    private record Seen(String identity, Digest digest) {}

    private final Path cache;
    private final SortedMap<String, Seen> known = new TreeMap<>();
    private final SortedMap<String, Seen> now = new TreeMap<>();

    private HostTools(Path cache) {
        this.cache = cache;
    }

    /// @param cache a file that is read and rewritten; it may be missing or spoilt
    public static Digest fingerprint(Path cache) throws IOException {
        var tools = new HostTools(cache);
        tools.load();
        var text = new StringBuilder();
        for (String name : PROGRAMS) {
            Optional<Path> program = tools.find(name);
            text.append(name).append(' ');
            text.append(program.isPresent() ? tools.digest(program.get()).toString() : "-");
            text.append('\n');
        }
        for (Path library : libraries()) {
            text.append(library.getFileName())
                    .append(' ')
                    .append(tools.digest(library))
                    .append('\n');
        }
        tools.save();
        return Digest.of(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private Optional<Path> find(String name) {
        return DIRECTORIES.stream()
                .map(d -> Path.of(d, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static List<Path> libraries() throws IOException {
        var found = new TreeMap<String, Path>();
        for (String top : LIBRARY_DIRECTORIES) {
            var directories = new ArrayList<Path>(List.of(Path.of(top)));
            if (!Files.isDirectory(Path.of(top))) continue;
            // Debian's multi-arch directories, such as x86_64-linux-gnu.
            try (var below = Files.newDirectoryStream(Path.of(top), "*-linux-*")) {
                below.forEach(directories::add);
            }
            for (Path directory : directories) {
                if (!Files.isDirectory(directory)) continue;
                for (String glob : LIBRARIES) {
                    try (var files = Files.newDirectoryStream(directory, glob)) {
                        for (Path file : files)
                            found.putIfAbsent(file.toRealPath().toString(), file);
                    }
                }
            }
        }
        return List.copyOf(found.values());
    }

    private Digest digest(Path path) throws IOException {
        Path real = path.toRealPath();
        var attributes = Files.readAttributes(real, BasicFileAttributes.class);
        String identity =
                attributes.size()
                        + " "
                        + attributes.lastModifiedTime().toMillis()
                        + " "
                        + Files.getAttribute(real, "unix:ino");
        Seen before = known.get(real.toString());
        Digest digest =
                before != null && before.identity.equals(identity)
                        ? before.digest
                        : Sha256.of(real).digest();
        now.put(real.toString(), new Seen(identity, digest));
        return digest;
    }

    /// A line is `digest size time inode path`.
    private void load() {
        List<String> lines;
        try {
            lines = Files.readAllLines(cache);
        } catch (IOException e) {
            return; // the first time, or unreadable: everything is read anew
        }
        for (String line : lines.subList(0, Math.min(lines.size(), MAX_LINES))) {
            String[] words = line.split(" ", 5);
            if (words.length < 5) continue;
            if (!DIGEST.matcher(words[0]).matches()) continue;
            String identity = words[1] + " " + words[2] + " " + words[3];
            known.put(words[4], new Seen(identity, Digest.parse(words[0])));
        }
    }

    private void save() throws IOException {
        if (now.equals(known)) return;
        var text = new StringBuilder();
        now.forEach((path, seen) ->
                text.append(seen.digest)
                        .append(' ')
                        .append(seen.identity)
                        .append(' ')
                        .append(path)
                        .append('\n'));
        Files.createDirectories(cache.toAbsolutePath().getParent());
        Path temporary = Files.createTempFile(cache.toAbsolutePath().getParent(), "tools", ".tmp");
        Files.writeString(temporary, text);
        Files.move(temporary, cache, StandardCopyOption.ATOMIC_MOVE);
    }
}
