package rookery.cli.farm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.coordinator.blobs.Access;
import rookery.coordinator.blobs.BlobLimits;
import rookery.coordinator.blobs.BlobServer;
import rookery.coordinator.blobs.BlobStore;
import rookery.model.Blame;
import rookery.model.RookeryException;
import rookery.oci.Blob;
import rookery.oci.Descriptor;
import rookery.oci.Digest;
import rookery.oci.ImageConfig;
import rookery.oci.Index;
import rookery.oci.Manifest;
import rookery.oci.MediaType;
import rookery.oci.Platform;
import rookery.oci.json.OciJson;
import rookery.oci.layout.ImageLayout;
import rookery.oci.layout.Layers;
import rookery.oci.registry.Credentials;
import rookery.oci.registry.Patience;
import rookery.oci.registry.Policy;
import rookery.oci.registry.Reference;
import rookery.oci.registry.RegistryClient;

/// A command's way to the blobs of a farm elsewhere.
class RemoteStoreTest {
    @TempDir Path directory;
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient http = RegistryClient.httpClient();
    private ImageLayout farm;
    private BlobServer server;
    private FarmStore store;

    @BeforeEach
    void open() throws IOException {
        farm = ImageLayout.create(directory.resolve("farm"));
        server =
                BlobServer.start(
                        vertx,
                        new BlobServer.Listen("127.0.0.1", 0, "rookery/farm", Optional.empty()),
                        new BlobStore(farm, InstantSource.system()),
                        Access.OPEN,
                        BlobLimits.STANDARD,
                        InstantSource.system());
        var patience = Patience.standard(_ -> {}, new Random(1), InstantSource.system());
        store =
                new RemoteStore(
                        new RegistryClient(http, Credentials.NONE, Policy.STANDARD, patience),
                        Reference.parse("127.0.0.1:" + server.port() + "/rookery/farm"),
                        ImageLayout.create(directory.resolve("local")));
    }

    @AfterEach
    void close() {
        server.close();
        http.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void whatWasPackedIsSentAndWhatTheFarmHasIsNot() throws IOException {
        var digests = new ArrayList<Digest>();
        for (int i = 0; i < 10; i++)
            digests.add(store.local().put(("file " + i).getBytes(UTF_8)).digest());
        farm.put("file 3".getBytes(UTF_8));
        store.send(digests);
        for (Digest digest : digests) farm.verify(digest);
    }

    @Test
    void anImageComesWithEverythingBelowIt() throws IOException {
        var layer =
                Layers.put(
                        farm, Instant.EPOCH, tar -> tar.file("app", 0755, "app".getBytes(UTF_8)));
        var platform = Platform.parse("linux/amd64");
        var config = ImageConfig.of(platform, List.of("/app"), List.of(layer.diffId()));
        Blob stored = farm.put(OciJson.write(config));
        Blob manifest =
                farm.put(
                        OciJson.write(
                                Manifest.of(
                                        stored.as(MediaType.CONFIG),
                                        List.of(layer.blob().as(MediaType.LAYER_GZIP)))));
        Descriptor entry = manifest.as(MediaType.MANIFEST).on(platform);
        Blob index = farm.put(OciJson.write(Index.of(List.of(entry))));
        store.bringImage(index);
        store.local().export(index.digest(), List.of("latest"), directory.resolve("image"));
        assertThat(directory.resolve("image/blobs/sha256").resolve(layer.blob().digest().hex()))
                .exists();
    }

    @Test
    void whatTheFarmHasNotCannotBeBrought() {
        Blob nowhere = Blob.of("nowhere".getBytes(UTF_8));
        assertThatThrownBy(() -> store.bring(List.of(nowhere)))
                .isInstanceOfSatisfying(
                        RookeryException.class,
                        e -> assertThat(e.blame()).isEqualTo(Blame.UPSTREAM))
                .hasMessageContaining(nowhere.digest().toString())
                .hasMessageContaining("404");
    }
}
