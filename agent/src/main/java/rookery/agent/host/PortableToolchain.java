package rookery.agent.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rookery.model.Blame;
import rookery.model.RookeryException;
import rookery.oci.Digest;

/// The portable toolchain as this program brings it: two pinned packages and its own scripts,
/// overlay and configuration.
///
/// @param identity the digest of everything that makes it up
public record PortableToolchain(Digest identity, List<Resource> resources) {
    private static final String OVERLAY = "overlay/";

    /// The one place where these versions are written in Java; the set-up script checks them.
    public static final String PORTAGE = "3.0.83";

    public static final String ZIG = "0.17.1";

    private static final String ROOT = "/rookery/portage/";
    private static final String INDEX = "index.txt";
    private static final int MAX_FILES = 2_000;
    private static final int MAX_FILE_BYTES = 4 << 20;

    /// One line of the index, which exists because a jar's contents cannot be listed. Either order
    /// of path and mode is understood.
    private static final Pattern LINE =
            Pattern.compile("(\\S+)\\s+([0-7]{3,6})|([0-7]{3,6})\\s+(\\S+)");

    /// @param path below the resources' root, checked to stay there
    public record Resource(String path, int mode, Digest content) {
        public Resource {
            if (path.startsWith("/") || List.of(path.split("/", -1)).contains(".."))
                throw new IllegalArgumentException("resource '" + path + "' leaves its root");
        }
    }

    /// Reads what the program brings.
    public static PortableToolchain load() {
        try {
            var all = new ArrayList<Resource>();
            for (String line : new String(read(INDEX), StandardCharsets.UTF_8).lines().toList()) {
                if (line.isBlank()) continue;
                all.add(parse(line));
                if (all.size() > MAX_FILES)
                    throw new IOException("more than " + MAX_FILES + " files");
            }
            return new PortableToolchain(digest(all), List.copyOf(all));
        } catch (IOException e) {
            throw new RookeryException(
                    Blame.BUG,
                    "the program's own toolchain resources are damaged: " + e.getMessage(),
                    e);
        }
    }

    /// What the Prefix is made of: everything but the overlay, which is beside it.
    public Digest prefixIdentity() {
        return digest(resources.stream().filter(r -> !r.path.startsWith(OVERLAY)).toList());
    }

    private static Digest digest(List<Resource> resources) {
        var text = new StringBuilder();
        text.append("portage ").append(PORTAGE).append("\nziglang ").append(ZIG).append('\n');
        for (Resource r : resources) {
            text.append(r.path).append(' ').append(Integer.toOctalString(r.mode)).append(' ');
            text.append(r.content).append('\n');
        }
        return Digest.of(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// Writes all resources below this directory, which is new.
    public void extract(Path to) throws IOException {
        for (Resource resource : resources) {
            Path file = to.resolve(resource.path).normalize();
            if (!file.startsWith(to)) throw new IOException(resource.path + " leaves its root");
            Files.createDirectories(file.getParent());
            Files.write(file, read(resource.path));
            boolean isExecutable = (resource.mode & 0111) != 0;
            Files.setPosixFilePermissions(
                    file,
                    PosixFilePermissions.fromString(isExecutable ? "rwxr-xr-x" : "rw-r--r--"));
        }
    }

    private static Resource parse(String line) throws IOException {
        Matcher m = LINE.matcher(line.strip());
        if (!m.matches()) throw new IOException(INDEX + " has the line '" + line + "'");
        String path = m.group(1) != null ? m.group(1) : m.group(4);
        String mode = m.group(2) != null ? m.group(2) : m.group(3);
        return new Resource(path, Integer.parseInt(mode, 8) & 0777, Digest.of(read(path)));
    }

    private static byte[] read(String path) throws IOException {
        try (InputStream in = PortableToolchain.class.getResourceAsStream(ROOT + path)) {
            if (in == null) throw new IOException("no resource " + path);
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) throw new IOException(path + " is too large");
            return bytes;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
