package rookery.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.oci.Digest;
import rookery.oci.Index;
import rookery.oci.Manifest;
import rookery.oci.MediaType;
import rookery.oci.json.OciJson;
import rookery.oci.layout.DamagedBlobException;
import rookery.oci.layout.ImageLayout;
import rookery.oci.registry.RegistryException.Kind;

class PublisherTest {
    @TempDir Path dir;
    private FakeRegistry registry;
    private HttpClient http;
    private Publisher publisher;
    private ImageLayout layout;

    @BeforeEach
    void start() throws IOException {
        registry = new FakeRegistry();
        http = RegistryClient.httpClient();
        publisher = new Publisher(Fixtures.client(http, Credentials.NONE));
        layout = ImageLayout.create(dir.resolve("store"));
    }

    @AfterEach
    void stop() {
        http.shutdownNow();
        registry.close();
    }

    private Publisher.Published publish(Digest index, String... tags)
            throws IOException, InterruptedException {
        return publisher.publish(layout, index, registry.repository(), List.of(tags), false);
    }

    private List<String> writes() {
        return registry.asked().stream()
                .filter(a -> a.method().equals("PUT"))
                .map(a -> a.path().replaceFirst("/v2/acme/app/", ""))
                .toList();
    }

    @Test
    void blobsComeFirstThenManifestsThenTheIndexThenTheTags() throws Exception {
        Digest index = Fixtures.image(layout, "linux/amd64", "linux/arm64").digest();
        var published = publish(index, "latest", "1.0", "latest");
        assertThat(published)
                .isEqualTo(
                        new Publisher.Published(
                                registry.repository().withDigest(index),
                                List.of("latest", "1.0"),
                                4,
                                0));
        var writes = writes();
        assertThat(writes).hasSize(9);
        assertThat(writes.subList(0, 4)).allMatch(w -> w.startsWith("blobs/uploads/"));
        assertThat(writes.subList(4, 6)).allMatch(w -> w.startsWith("manifests/sha256:"));
        assertThat(writes.subList(6, 9))
                .containsExactly("manifests/" + index, "manifests/latest", "manifests/1.0");
        assertThat(Digest.of(registry.manifests.getOrDefault("latest", new byte[0])))
                .isEqualTo(index);
    }

    @Test
    void publishingTwiceSendsNoBlobTwice() throws Exception {
        Digest index = Fixtures.image(layout, "linux/amd64").digest();
        assertThat(publish(index, "latest").blobsSent()).isEqualTo(2);
        var again = publish(index, "latest");
        assertThat(again.blobsSent()).isZero();
        assertThat(again.blobsPresent()).isEqualTo(2);
    }

    @Test
    void aTagNeverLosesAPlatform() throws Exception {
        publish(Fixtures.image(layout, "linux/amd64", "linux/riscv64").digest(), "latest");
        byte[] before = registry.manifests.getOrDefault("latest", new byte[0]);
        Digest smaller = Fixtures.image(layout, "linux/amd64", "linux/arm64").digest();
        int writes = writes().size();
        assertThatThrownBy(() -> publish(smaller, "latest"))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .hasMessageContaining("[linux/riscv64]")
                .hasMessageContaining("--allow-drop");
        assertThat(writes()).as("nothing is sent at all").hasSize(writes);
        assertThat(registry.manifests).containsEntry("latest", before);

        publish(smaller, "other");
        publisher.publish(layout, smaller, registry.repository(), List.of("latest"), true);
        assertThat(Digest.of(registry.manifests.getOrDefault("latest", new byte[0])))
                .isEqualTo(smaller);
    }

    @Test
    void aTagThatNamesOneImageKeepsItsPlatformToo() throws Exception {
        Digest index = Fixtures.image(layout, "linux/s390x").digest();
        publish(index, "multi");
        var single = (Index) OciJson.read(layout.read(index, 1 << 20), MediaType.INDEX);
        byte[] manifest = layout.read(single.manifests().getFirst().digest(), 1 << 20);
        assertThat(OciJson.read(manifest, MediaType.MANIFEST)).isInstanceOf(Manifest.class);
        registry.manifests.put("old", manifest);
        registry.types.put("old", MediaType.MANIFEST);
        Digest other = Fixtures.image(layout, "linux/amd64").digest();
        assertThatThrownBy(() -> publish(other, "old")).hasMessageContaining("[linux/s390x]");
    }

    @Test
    void aTagMovedMeanwhileIsLookedAtAgain() throws Exception {
        Digest larger = Fixtures.image(layout, "linux/amd64", "linux/riscv64").digest();
        Digest index = Fixtures.image(layout, "linux/amd64").digest();
        byte[] theirs = layout.read(larger, 1 << 20);
        // Another publisher wins while our index is on its way.
        registry.on(
                "PUT /v2/acme/app/manifests/" + index,
                e -> {
                    registry.manifests.put(index.toString(), layout.read(index, 1 << 20));
                    registry.types.put(index.toString(), MediaType.INDEX);
                    registry.manifests.put("latest", theirs);
                    registry.types.put("latest", MediaType.INDEX);
                    FakeRegistry.answer(e, 201, new byte[0]);
                });
        assertThatThrownBy(() -> publish(index, "latest")).hasMessageContaining("linux/riscv64");
        assertThat(registry.manifests).containsEntry("latest", theirs);
    }

    @Test
    void aRegistryThatLosesABlobGetsNoTag() throws Exception {
        Digest index = Fixtures.image(layout, "linux/amd64").digest();
        registry.on(
                "PUT /v2/acme/app/blobs/",
                e -> FakeRegistry.answer(e, 201, new byte[0])); // taken, and dropped
        assertThatThrownBy(() -> publish(index, "latest"))
                .hasMessageContaining("lacks them now")
                .hasMessageContaining("nothing was tagged");
        assertThat(registry.manifests).doesNotContainKeys("latest", index.toString());
    }

    @Test
    void aPushThatFailsHalfwayLeavesTheOldTag() throws Exception {
        publish(Fixtures.image(layout, "linux/amd64").digest(), "latest");
        byte[] before = registry.manifests.getOrDefault("latest", new byte[0]);
        Digest index = Fixtures.image(layout, "linux/amd64", "linux/arm64").digest();
        for (String step :
                List.of("PUT /v2/acme/app/blobs/", "PUT /v2/acme/app/manifests/sha256:")) {
            registry.on(step, e -> FakeRegistry.answer(e, 403, ""));
            assertThatThrownBy(() -> publish(index, "latest"))
                    .isInstanceOfSatisfying(
                            RegistryException.class,
                            e -> assertThat(e.kind()).isEqualTo(Kind.DENIED));
            assertThat(registry.manifests).containsEntry("latest", before);
            // Next time this step works and the one after it fails.
            registry.forget(step);
        }
        publish(index, "latest");
        assertThat(Digest.of(registry.manifests.getOrDefault("latest", new byte[0])))
                .isEqualTo(index);
    }

    @Test
    void aDamagedBlobIsNotSent() throws Exception {
        Digest index = Fixtures.image(layout, "linux/amd64").digest();
        var top = (Index) OciJson.read(layout.read(index, 1 << 20), MediaType.INDEX);
        var manifest =
                (Manifest)
                        OciJson.read(
                                layout.read(top.manifests().getFirst().digest(), 1 << 20),
                                MediaType.MANIFEST);
        var layer = manifest.layers().getFirst();
        Files.write(layout.find(layer.digest()).orElseThrow(), new byte[(int) layer.sizeBytes()]);
        assertThatThrownBy(() -> publish(index, "latest")).isInstanceOf(DamagedBlobException.class);
        assertThatThrownBy(() -> publish(index, "latest")).isInstanceOf(NoSuchFileException.class);
        assertThat(registry.manifests).isEmpty();
    }

    @Test
    void aBadTagIsRefusedBeforeAnythingIsSent() throws Exception {
        Digest index = Fixtures.image(layout, "linux/amd64").digest();
        assertThatThrownBy(() -> publish(index, "a/b"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(registry.asked()).isEmpty();
    }
}
