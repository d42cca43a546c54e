package rookery.agent.workspace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// The `/etc` that steps see: one user, one host name, and the machine's choice among alternative
/// programs, since `/usr/bin` is full of links through it.
public final class SyntheticEtc {
    private static final Path ALTERNATIVES = Path.of("/etc/alternatives");
    private static final String CERTIFICATES = "ssl/certs/ca-certificates.crt";

    /// Where distributions keep the one file of all certificates.
    private static final List<String> BUNDLES =
            List.of(
                    "/etc/ssl/certs/ca-certificates.crt",
                    "/etc/pki/tls/certs/ca-bundle.crt",
                    "/etc/ssl/ca-bundle.pem",
                    "/etc/ssl/cert.pem");

    private SyntheticEtc() {}

    /// Writes it into an empty directory.
    public static void write(Path to) throws IOException {
        open(to);
        file(
                to,
                "passwd",
                "root:x:0:0:root:/build:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n");
        file(to, "group", "root:x:0:\nnogroup:x:65534:\n");
        file(to, "hosts", "127.0.0.1 localhost rookery\n::1 localhost\n");
        file(to, "nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n");
        Path links = Files.createDirectory(to.resolve("alternatives"));
        open(links);
        if (!Files.isDirectory(ALTERNATIVES)) return;
        try (var found = Files.newDirectoryStream(ALTERNATIVES)) {
            for (Path link : found) {
                if (Files.isSymbolicLink(link))
                    Files.createSymbolicLink(
                            links.resolve(String.valueOf(link.getFileName())),
                            Files.readSymbolicLink(link));
            }
        }
    }

    /// Adds what the one kind of step with a network needs: name servers and certificates.
    ///
    /// @param environment the agent's, which may name another bundle of certificates
    public static void addNetwork(Path to, SortedMap<String, String> environment)
            throws IOException {
        file(to, "nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
        for (String name : List.of("resolv.conf", "hosts")) {
            Path original = Path.of("/etc", name);
            if (Files.isReadable(original)) file(to, name, Files.readString(original));
        }
        Optional<Path> bundle =
                Optional.ofNullable(environment.get("SSL_CERT_FILE"))
                        .map(Path::of)
                        .filter(Files::isReadable)
                        .or(() ->
                                BUNDLES.stream()
                                        .map(Path::of)
                                        .filter(Files::isReadable)
                                        .findFirst());
        if (bundle.isPresent()) {
            Path certificates = to.resolve(CERTIFICATES);
            Files.createDirectories(certificates.getParent());
            open(to.resolve("ssl"));
            open(to.resolve("ssl/certs"));
            file(to, CERTIFICATES, Files.readString(bundle.get()));
        }
    }

    private static void file(Path to, String name, String text) throws IOException {
        Path file = to.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    }

    private static void open(Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
