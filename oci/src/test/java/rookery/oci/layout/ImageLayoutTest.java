package rookery.oci.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.oci.Annotations;
import rookery.oci.Blob;
import rookery.oci.Descriptor;
import rookery.oci.Digest;
import rookery.oci.ImageConfig;
import rookery.oci.Index;
import rookery.oci.Manifest;
import rookery.oci.MediaType;
import rookery.oci.Platform;
import rookery.oci.json.OciJson;

class ImageLayoutTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

    @TempDir Path dir;
    private ImageLayout layout;

    @BeforeEach
    void createLayout() throws IOException {
        layout = ImageLayout.create(dir.resolve("store"));
    }

    @Test
    void whatWasPutIsFoundUnderItsDigest() throws IOException {
        Blob blob = layout.put(HELLO);
        assertThat(blob).isEqualTo(Blob.of(HELLO));
        assertThat(layout.find(blob.digest()))
                .hasValueSatisfying(f -> assertThat(f).hasBinaryContent(HELLO));
        assertThat(layout.size(blob.digest())).hasValue(5);
        assertThat(layout.read(blob.digest(), 5)).isEqualTo(HELLO);
        assertThat(layout.has(Digest.of(new byte[1]))).isFalse();
        assertThat(layout.size(Digest.of(new byte[1]))).isEmpty();
    }

    @Test
    void aLayoutOutlivesItsProcess() throws IOException {
        Blob blob = layout.put(HELLO);
        assertThat(ImageLayout.open(layout.root()).read(blob.digest(), 5)).isEqualTo(HELLO);
        assertThat(ImageLayout.create(layout.root()).read(blob.digest(), 5)).isEqualTo(HELLO);
    }

    @Test
    void aDirectoryThatIsNoLayoutIsRefused() throws IOException {
        Path other = Files.createDirectory(dir.resolve("other"));
        assertThatThrownBy(() -> ImageLayout.open(other)).hasMessageContaining("has no oci-layout");
        Files.writeString(other.resolve("oci-layout"), "{\"imageLayoutVersion\":\"2.0.0\"}");
        assertThatThrownBy(() -> ImageLayout.open(other)).hasMessageContaining("version 1.0.0");
        Files.writeString(other.resolve("oci-layout"), "{");
        assertThatThrownBy(() -> ImageLayout.open(other)).hasMessageContaining("not JSON");
    }

    @Test
    void aWriterThatDiesLeavesNoBlob() throws IOException {
        try (var blob = layout.incoming()) {
            blob.write(HELLO);
            assertThat(layout.has(Digest.of(HELLO))).isFalse();
        }
        assertThat(layout.has(Digest.of(HELLO))).isFalse();
        assertThat(names("store/.incoming")).isEmpty();
    }

    @Test
    void aStreamThatBreaksLeavesNoBlob() throws IOException {
        var broken =
                new InputStream() {
                    private int left = 100_000;

                    @Override
                    public int read() throws IOException {
                        if (left-- == 0) {
                            throw new IOException("the line is dead");
                        }
                        return 1;
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) throws IOException {
                        bytes[offset] = (byte) read();
                        return 1;
                    }
                };
        assertThatThrownBy(() -> layout.put(broken)).hasMessage("the line is dead");
        assertThat(names("store/.incoming")).isEmpty();
        assertThat(names("store/blobs/sha256")).isEmpty();
    }

    @Test
    void whatACrashLeftBehindIsSweptOnceItIsOld() throws IOException {
        assertThat(layout.sweep(Instant.MAX)).isZero();
        Files.createDirectory(layout.root().resolve(".incoming"));
        Path left = Files.write(layout.root().resolve(".incoming/abc"), HELLO);
        Instant written = Instant.parse("2026-01-01T00:00:00Z");
        Files.setLastModifiedTime(left, FileTime.from(written));
        assertThat(layout.sweep(written)).isZero();
        assertThat(layout.sweep(written.plusSeconds(1))).isEqualTo(1);
        assertThat(names("store/.incoming")).isEmpty();
    }

    @Test
    void bytesWithAnotherDigestThanPromisedAreNotStored() {
        var promised = Digest.of(new byte[1]);
        assertThatThrownBy(() -> layout.put(new ByteArrayInputStream(HELLO), promised, 100))
                .isInstanceOf(WrongDigestException.class)
                .hasMessageContaining("nothing was stored");
        assertThat(layout.has(promised)).isFalse();
        assertThat(layout.has(Digest.of(HELLO))).isFalse();
    }

    @Test
    void moreBytesThanAllowedAreNotStored() throws IOException {
        assertThatThrownBy(() -> layout.put(new ByteArrayInputStream(HELLO), Digest.of(HELLO), 4))
                .isInstanceOf(TooLargeException.class);
        assertThat(names("store/.incoming")).isEmpty();
        Blob blob = layout.put(HELLO);
        assertThatThrownBy(() -> layout.read(blob.digest(), 4))
                .isInstanceOf(TooLargeException.class);
    }

    @Test
    void aFlippedByteIsNoticedBeforeTheEndAndTheBlobSetAside() throws IOException {
        Blob blob = layout.put(HELLO);
        Files.write(
                layout.find(blob.digest()).orElseThrow(), "hellp".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> layout.read(blob.digest(), 5))
                .isInstanceOfSatisfying(
                        DamagedBlobException.class,
                        e -> {
                            assertThat(e.digest()).isEqualTo(blob.digest());
                            assertThat(e.setAside()).hasContent("hellp");
                        });
        assertThat(layout.has(blob.digest())).isFalse();
        layout.put(HELLO);
        assertThat(layout.verify(blob.digest())).isEqualTo(blob);
    }

    @Test
    void aReaderThatAsksAgainAfterDamageNeverSeesAPlainEnd() throws IOException {
        Blob blob = layout.put(HELLO);
        Files.write(layout.find(blob.digest()).orElseThrow(), new byte[5]);
        try (InputStream in = layout.open(blob.digest())) {
            assertThat(in.skip(5)).isEqualTo(5);
            assertThatThrownBy(in::read).isInstanceOf(DamagedBlobException.class);
            assertThatThrownBy(in::read).isInstanceOf(DamagedBlobException.class);
        }
    }

    @Test
    void aPutMendsABlobWhoseDamageNobodyNoticed() throws IOException {
        Blob blob = layout.put(HELLO);
        Files.write(layout.find(blob.digest()).orElseThrow(), new byte[5]);
        layout.put(HELLO);
        assertThat(layout.verify(blob.digest())).isEqualTo(blob);
    }

    @Test
    void aReaderOfDamageDoesNotSetAsideTheFreshCopy() throws IOException {
        Blob blob = layout.put(HELLO);
        Files.write(layout.find(blob.digest()).orElseThrow(), new byte[5]);
        try (InputStream in = layout.open(blob.digest())) {
            layout.put(HELLO);
            assertThatThrownBy(in::readAllBytes).isInstanceOf(DamagedBlobException.class);
        }
        assertThat(layout.verify(blob.digest())).isEqualTo(blob);
    }

    @Test
    void whatWasTouchedSinceIsNotDeleted() throws IOException {
        Instant then = Instant.parse("2026-01-01T00:00:00Z");
        Blob blob = layout.put(HELLO);
        assertThat(layout.delete(blob.digest(), then)).isFalse();
        assertThat(layout.touch(blob.digest(), then)).isTrue();
        assertThat(layout.list()).containsExactly(new ImageLayout.Stored(blob, then));
        assertThat(layout.delete(blob.digest(), then)).isFalse();
        assertThat(layout.delete(blob.digest(), then.plusMillis(1))).isTrue();
        assertThat(layout.touch(blob.digest(), then)).isFalse();
        assertThat(layout.delete(blob.digest(), then)).isFalse();
    }

    @Test
    void aParkedBlobGoesOnUnderItsName() throws IOException {
        var incoming = layout.incoming("up-1", 5);
        incoming.write(HELLO, 0, 2);
        incoming.park();
        var again = layout.resume("up-1", 5).orElseThrow();
        assertThat(again.sizeBytes()).isEqualTo(2);
        again.write(HELLO, 2, 3);
        assertThatThrownBy(() -> again.write(1)).isInstanceOf(TooLargeException.class);
        assertThat(again.commit()).isEqualTo(Blob.of(HELLO));
        assertThat(layout.resume("up-1", 5)).isEmpty();
        assertThatThrownBy(() -> layout.resume("../index", 5))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aBlobCutShortIsReplacedByTheNextPut() throws IOException {
        Blob blob = layout.put(HELLO);
        Files.write(layout.find(blob.digest()).orElseThrow(), new byte[2]);
        layout.put(HELLO);
        assertThat(layout.verify(blob.digest())).isEqualTo(blob);
    }

    @Test
    void aMissingBlobIsNamed() {
        assertThatThrownBy(() -> layout.open(Digest.of(HELLO)))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(Digest.of(HELLO).hex());
    }

    @Test
    void manyWritersOfOneBlobAllSucceed() throws Exception {
        int writers = 16;
        var barrier = new CyclicBarrier(writers);
        var done = new ArrayList<Future<Blob>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < writers; i++) {
                done.add(
                        threads.submit(() -> {
                            var own = ImageLayout.open(layout.root());
                            barrier.await();
                            return own.put(HELLO);
                        }));
            }
        }
        for (Future<Blob> blob : done) {
            assertThat(blob.get()).isEqualTo(Blob.of(HELLO));
        }
        assertThat(names("store/blobs/sha256")).containsExactly(Digest.of(HELLO).hex());
        assertThat(names("store/.incoming")).isEmpty();
    }

    @Test
    void anExportHasExactlyWhatTheImageNeeds() throws IOException {
        layout.put(new byte[99]); // not part of it
        Digest index = image("linux/amd64", "linux/arm64").digest();
        Path target = dir.resolve("out");
        layout.export(index, List.of("latest", "1.0"), target);

        var copy = ImageLayout.open(target);
        var entries = OciJson.readLayoutIndex(Files.readAllBytes(target.resolve("index.json")));
        assertThat(entries.manifests())
                .extracting(Descriptor::digest)
                .containsExactly(index, index);
        assertThat(entries.manifests())
                .extracting(d -> d.annotations().get(Annotations.REF_NAME).orElse(""))
                .containsExactly("latest", "1.0");
        copy.verify(index);
        // One index, two manifests, two configs, one shared layer.
        assertThat(names("out/blobs/sha256")).hasSize(6);
        assertThat(names("out")).containsExactly("blobs", "index.json", "oci-layout");
        assertThat(names(".")).containsExactlyInAnyOrder("out", "store");
    }

    @Test
    void anExportReplacesAnOlderOne() throws IOException {
        Path target = dir.resolve("out");
        layout.export(image("linux/amd64").digest(), List.of(), target);
        Digest second = image("linux/arm64").digest();
        layout.export(second, List.of(), target);
        assertThat(ImageLayout.open(target).has(second)).isTrue();
        assertThat(names("out/blobs/sha256")).hasSize(4);
        assertThat(names(".")).containsExactlyInAnyOrder("out", "store");
    }

    @Test
    void anExportNeverReplacesSomethingElse() throws IOException {
        Path target = Files.createDirectory(dir.resolve("home"));
        Files.writeString(target.resolve("thesis.tex"), "x");
        Digest index = image("linux/amd64").digest();
        assertThatThrownBy(() -> layout.export(index, List.of(), target))
                .hasMessageContaining("is not an OCI image layout");
        assertThat(target.resolve("thesis.tex")).exists();
    }

    @Test
    void anExportNeverReplacesItsOwnStore() throws IOException {
        Digest index = image("linux/amd64").digest();
        Path link = Files.createSymbolicLink(dir.resolve("link"), dir);
        for (Path target :
                List.of(
                        layout.root(),
                        layout.root().resolve("blobs/out"),
                        link.resolve("store"),
                        dir.resolve("x/../store"))) {
            assertThatThrownBy(() -> layout.export(index, List.of(), target))
                    .as(target.toString())
                    .isInstanceOf(IOException.class);
            assertThat(layout.has(index)).isTrue();
        }
    }

    @Test
    void anExportWithAMissingOrDamagedBlobLeavesTheOldOne() throws IOException {
        Path target = dir.resolve("out");
        Digest old = image("linux/amd64").digest();
        layout.export(old, List.of(), target);
        Digest fresh = image("linux/arm64").digest();
        Files.write(layout.find(Digest.of(HELLO)).orElseThrow(), new byte[5]);
        assertThatThrownBy(() -> layout.export(fresh, List.of(), target))
                .isInstanceOf(DamagedBlobException.class);
        assertThatThrownBy(() -> layout.export(fresh, List.of(), target))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(ImageLayout.open(target).has(old)).isTrue();
        assertThat(names(".")).containsExactlyInAnyOrder("out", "store");
    }

    private Blob image(String... platforms) throws IOException {
        Blob layer = layout.put(HELLO);
        var manifests = new ArrayList<Descriptor>();
        for (String platform : platforms) {
            var config =
                    ImageConfig.of(
                            Platform.parse(platform), List.of("/a"), List.of(layer.digest()));
            Blob stored = layout.put(OciJson.write(config));
            var manifest =
                    Manifest.of(stored.as(MediaType.CONFIG), List.of(layer.as(MediaType.LAYER)));
            manifests.add(
                    layout.put(OciJson.write(manifest))
                            .as(MediaType.MANIFEST)
                            .on(Platform.parse(platform)));
        }
        return layout.put(OciJson.write(Index.of(manifests)));
    }

    private List<String> names(String below) throws IOException {
        try (var files = Files.list(dir.resolve(below))) {
            return files.map(f -> String.valueOf(f.getFileName())).sorted().toList();
        }
    }
}
