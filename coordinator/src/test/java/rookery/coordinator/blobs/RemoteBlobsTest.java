package rookery.coordinator.blobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.agent.artifacts.RemoteBlobs;
import rookery.model.Blame;
import rookery.model.InputLostException;
import rookery.model.RookeryException;
import rookery.oci.Blob;
import rookery.oci.Digest;
import rookery.oci.layout.ImageLayout;
import rookery.oci.registry.Credentials;
import rookery.oci.registry.Patience;
import rookery.oci.registry.Policy;
import rookery.oci.registry.Reference;
import rookery.oci.registry.RegistryClient;

/// An agent's blobs over the real blob plane.
class RemoteBlobsTest {
    @TempDir Path directory;
    private Plane plane;
    private final HttpClient http = RegistryClient.httpClient();
    private Instant now = Instant.now();

    @BeforeEach
    void open() throws IOException {
        plane = new Plane(directory.resolve("store"));
    }

    @AfterEach
    void close() throws IOException {
        plane.close();
        http.close();
    }

    private RemoteBlobs agent(int port, long keptBytes) throws IOException {
        var patience =
                new Patience(
                        3,
                        Duration.ofMillis(1),
                        Duration.ofMillis(2),
                        _ -> {},
                        new Random(1),
                        InstantSource.system());
        var client = new RegistryClient(http, Credentials.NONE, Policy.STANDARD, patience);
        return RemoteBlobs.open(
                client,
                Reference.parse("127.0.0.1:" + port + "/" + Plane.NAME),
                directory.resolve("kept"),
                keptBytes,
                () -> now);
    }

    private ImageLayout kept() throws IOException {
        return ImageLayout.open(directory.resolve("kept"));
    }

    @Test
    void whatIsStoredIsOnTheCoordinator() throws IOException {
        RemoteBlobs agent = agent(plane.port(), 1 << 20);
        Blob blob = agent.store("a result".getBytes(UTF_8));
        assertThat(plane.layout.read(blob.digest(), 100)).isEqualTo("a result".getBytes(UTF_8));
        Path file = Files.writeString(directory.resolve("file"), "another");
        assertThat(plane.layout.has(agent.store(file).digest())).isTrue();
        assertThat(agent.store(file)).isEqualTo(Blob.of("another".getBytes(UTF_8)));
    }

    @Test
    void anInputIsFetchedOnceAndCheckedAtEachUse() throws IOException {
        Blob blob = plane.layout.put(Plane.bytes(1, 500_000));
        RemoteBlobs agent = agent(plane.port(), 1 << 20);
        assertThat(agent.fetch(blob)).hasSize(500_000);
        plane.layout.delete(blob.digest());
        Path kept = agent.fetch(blob);
        assertThat(kept).hasBinaryContent(Plane.bytes(1, 500_000));
        byte[] damaged = Plane.bytes(1, 500_000);
        damaged[7] ^= 1;
        Files.write(kept, damaged);
        assertThatThrownBy(() -> agent.fetch(blob))
                .isInstanceOfSatisfying(
                        RookeryException.class, e -> assertThat(e.blame()).isEqualTo(Blame.HOST))
                .hasMessageContaining(blob.digest().toString());
        plane.layout.put(Plane.bytes(1, 500_000));
        assertThat(agent.fetch(blob)).hasBinaryContent(Plane.bytes(1, 500_000));
    }

    @Test
    void theLeastRecentlyUsedGoWhenTooMuchIsKept() throws IOException {
        RemoteBlobs agent = agent(plane.port(), 1_000);
        Blob first = plane.layout.put(Plane.bytes(1, 400));
        Blob second = plane.layout.put(Plane.bytes(2, 400));
        Blob third = plane.layout.put(Plane.bytes(3, 400));
        agent.fetch(first);
        agent.fetch(second);
        now = now.plus(Duration.ofHours(1));
        agent.fetch(first);
        agent.fetch(third);
        assertThat(kept().has(first.digest())).isTrue();
        assertThat(kept().has(second.digest())).isFalse();
        assertThat(kept().has(third.digest())).isTrue();
    }

    @Test
    void anUploadThatIsCutGoesOnWhereItBroke() throws Exception {
        byte[] large = Plane.bytes(4, 3 << 20);
        try (var proxy = new Scissors(plane.port(), 1 << 20)) {
            Blob blob = agent(proxy.port(), 64 << 20).store(large);
            assertThat(blob.digest()).isEqualTo(Digest.of(large));
            plane.layout.verify(blob.digest());
            assertThat(proxy.cuts()).isGreaterThanOrEqualTo(2);
            // Each cut loses at most what was on its way, and nothing is sent from the beginning.
            assertThat(proxy.bytesUp()).isLessThan(large.length + proxy.cuts() * (1L << 20));
        }
        assertThat(plane.leftovers()).isEmpty();
    }

    @Test
    void anInputThatTheCoordinatorLacksIsLostAndNotThisHostsTrouble() throws IOException {
        Blob blob = Blob.of("never there".getBytes(UTF_8));
        assertThatThrownBy(() -> agent(plane.port(), 1 << 20).fetch(blob))
                .isInstanceOf(InputLostException.class)
                .hasMessageContaining(blob.digest().toString());
    }

    @Test
    void aCoordinatorThatIsGoneIsThisHostsTrouble() throws IOException {
        int port = plane.port();
        plane.close();
        assertThatThrownBy(() -> agent(port, 1 << 20).store(new byte[10]))
                .isInstanceOfSatisfying(
                        RookeryException.class, e -> assertThat(e.blame()).isEqualTo(Blame.HOST))
                .hasMessageContaining("no answer");
        plane = new Plane(directory.resolve("store"));
    }
}
