package rookery.oci.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.oci.Blob;
import rookery.oci.Digest;
import rookery.oci.Index;
import rookery.oci.MediaType;
import rookery.oci.Platform;
import rookery.oci.json.OciJson;
import rookery.oci.layout.ImageLayout;
import rookery.oci.registry.RegistryException.Kind;

/// Against the registry that Debian ships, with skopeo as the second opinion.
class RealRegistryTest {
    private static final String SERVER = "/usr/bin/docker-registry";
    private static final String SKOPEO = "/usr/bin/skopeo";
    private static final Pattern LISTENING = Pattern.compile("listening on 127\\.0\\.0\\.1:(\\d+)");
    private static final int MAX_LOG_LINES = 1000;

    @TempDir Path dir;

    @Test
    void aThreePlatformIndexIsPublishedAndReadByOthers() throws Exception {
        for (String program : List.of(SERVER, SKOPEO)) {
            assertThat(Path.of(program))
                    .as("apt-get install docker-registry skopeo")
                    .isExecutable();
        }
        Path config =
                Files.writeString(
                        dir.resolve("config.yml"),
                        """
                        version: 0.1
                        log: {accesslog: {disabled: true}}
                        storage: {filesystem: {rootdirectory: %s}, delete: {enabled: true}}
                        http: {addr: 127.0.0.1:0}
                        """
                                .formatted(dir.resolve("registry")));
        var server =
                new ProcessBuilder(SERVER, "serve", config.toString())
                        .redirectErrorStream(true)
                        .start();
        try (var log = server.inputReader();
                var http = RegistryClient.httpClient()) {
            var repository = Reference.parse("127.0.0.1:" + port(log) + "/demo/curl-version");
            publishAndCheck(repository, Fixtures.client(http, Credentials.NONE));
        } finally {
            server.destroyForcibly();
            server.waitFor();
        }
    }

    private void publishAndCheck(Reference repository, RegistryClient client) throws Exception {
        var layout = ImageLayout.create(dir.resolve("store"));
        Blob index = Fixtures.image(layout, "linux/amd64", "linux/arm64", "linux/riscv64");
        var publisher = new Publisher(client);
        var first =
                publisher.publish(
                        layout, index.digest(), repository, List.of("latest", "1.0"), false);
        assertThat(first.blobsSent()).isEqualTo(6);

        byte[] raw =
                run(
                        SKOPEO,
                        "inspect",
                        "--raw",
                        "--tls-verify=false",
                        "docker://" + repository + ":1.0");
        assertThat(Digest.of(raw)).isEqualTo(index.digest());
        assertThat(((Index) OciJson.read(raw, MediaType.INDEX)).platforms())
                .extracting(Platform::toString)
                .containsExactly("linux/amd64", "linux/arm64", "linux/riscv64");
        Path copy = dir.resolve("copy");
        run(
                SKOPEO,
                "copy",
                "--all",
                "--src-tls-verify=false",
                "docker://" + repository + ":latest",
                "oci:" + copy + ":x");
        assertThat(copy.resolve("blobs/sha256/" + index.digest().hex())).exists();

        Path exported = dir.resolve("exported");
        layout.export(index.digest(), List.of("latest"), exported);
        assertThat(Digest.of(run(SKOPEO, "inspect", "--raw", "oci:" + exported + ":latest")))
                .isEqualTo(index.digest());

        Digest smaller = Fixtures.image(layout, "linux/amd64").digest();
        assertThatThrownBy(() ->
                        publisher.publish(layout, smaller, repository, List.of("latest"), false))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
        var second =
                publisher.publish(layout, index.digest(), repository, List.of("latest"), false);
        assertThat(second.blobsSent()).isZero();

        var fetched = client.manifest(repository.withTag("latest"));
        assertThat(fetched.map(RegistryClient.Fetched::blob)).isEqualTo(Optional.of(index));
        assertThat(client.manifest(repository.withTag("none"))).isEmpty();
        var other = ImageLayout.create(dir.resolve("other"));
        for (var layer : layers(layout, index)) {
            client.fetchBlob(repository, layer, other);
            assertThat(other.verify(layer.digest())).isEqualTo(layer);
        }
    }

    private static List<Blob> layers(ImageLayout layout, Blob index) throws IOException {
        var top = OciJson.read(layout.read(index.digest(), 1 << 20), MediaType.INDEX);
        var manifest = top.children().getFirst();
        return OciJson.read(layout.read(manifest.digest(), 1 << 20), MediaType.MANIFEST)
                .children()
                .stream()
                .map(d -> d.blob())
                .toList();
    }

    private static int port(BufferedReader log) throws IOException {
        var seen = new StringBuilder();
        for (int i = 0; i < MAX_LOG_LINES; i++) {
            String line = log.readLine();
            if (line == null) {
                break;
            }
            seen.append(line).append('\n');
            var found = LISTENING.matcher(line);
            if (found.find()) {
                return Integer.parseInt(found.group(1));
            }
        }
        throw new IOException("the registry did not start:\n" + seen);
    }

    private byte[] run(String... command) throws IOException, InterruptedException {
        Path errors = dir.resolve("errors");
        var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        byte[] out;
        try (var in = process.getInputStream()) {
            out = in.readAllBytes();
        }
        assertThat(process.waitFor())
                .as(String.join(" ", command) + "\n" + Files.readString(errors, UTF_8))
                .isZero();
        return out;
    }
}
