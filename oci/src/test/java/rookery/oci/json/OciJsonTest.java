package rookery.oci.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rookery.oci.Annotations;
import rookery.oci.Blob;
import rookery.oci.Descriptor;
import rookery.oci.Digest;
import rookery.oci.ImageConfig;
import rookery.oci.Index;
import rookery.oci.Manifest;
import rookery.oci.MediaType;
import rookery.oci.Platform;

class OciJsonTest {
    private static final String D =
            "{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\"sha256:"
                    + "0123456789abcdef".repeat(4)
                    + "\",\"size\":7}";
    private static final Blob HELLO = Blob.of("hello".getBytes(StandardCharsets.UTF_8));

    @Test
    void aManifestComesBackAsItWasWritten() {
        var manifest =
                new Manifest(
                        Optional.of("application/vnd.example"),
                        HELLO.as(MediaType.CONFIG),
                        List.of(HELLO.as(MediaType.LAYER_GZIP), HELLO.as(MediaType.LAYER)),
                        Optional.of(HELLO.as(MediaType.MANIFEST)),
                        Annotations.of(Map.of("b", "2", "a", "ü\u0001\"")));
        assertThat(OciJson.read(OciJson.write(manifest), MediaType.MANIFEST)).isEqualTo(manifest);
    }

    @Test
    void anIndexComesBackAsItWasWritten() {
        var index =
                Index.of(
                        List.of(
                                HELLO.as(MediaType.MANIFEST).on(Platform.parse("linux/arm64/v8")),
                                HELLO.as(MediaType.MANIFEST).on(Platform.parse("linux/riscv64"))));
        assertThat(OciJson.read(OciJson.write(index), MediaType.INDEX)).isEqualTo(index);
        assertThat(index.platforms())
                .containsExactly(Platform.parse("linux/arm64/v8"), Platform.parse("linux/riscv64"));
    }

    @Test
    void aConfigComesBackAsItWasWritten() {
        var config =
                ImageConfig.of(
                                Platform.parse("linux/arm64/v8"),
                                List.of("/curl-version"),
                                List.of(HELLO.digest()))
                        .withCreated(Instant.parse("2026-01-02T03:04:05Z"))
                        .withUser("65534:65534")
                        .withEnv(List.of("PATH=/"))
                        .withCmd(List.of("--help"))
                        .withLabels(Map.of("z", "1", "a", "2"))
                        .withHistory(
                                List.of(
                                        new ImageConfig.History(
                                                Optional.of(Instant.EPOCH),
                                                Optional.of("rookery"),
                                                true)));
        assertThat(OciJson.readConfig(OciJson.write(config))).isEqualTo(config);
    }

    @Test
    void theBytesOfAManifestNeverChange() {
        var manifest = Manifest.of(HELLO.as(MediaType.CONFIG), List.of(HELLO.as(MediaType.LAYER)));
        assertThat(new String(OciJson.write(manifest), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
                                + "\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\","
                                + "\"digest\":\"sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\",\"size\":5},"
                                + "\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar\","
                                + "\"digest\":\"sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\",\"size\":5}]}");
    }

    @Test
    void theBytesOfAConfigNeverChange() {
        var config =
                ImageConfig.of(Platform.of("linux", "amd64"), List.of("/a"), List.of())
                        .withCreated(Instant.EPOCH);
        assertThat(new String(OciJson.write(config), StandardCharsets.UTF_8))
                .isEqualTo(
                        "{\"created\":\"1970-01-01T00:00:00Z\",\"architecture\":\"amd64\",\"os\":\"linux\","
                                + "\"config\":{\"Entrypoint\":[\"/a\"]},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]}}");
    }

    @Test
    void aManifestWithBothLayersAndManifestsIsRefused() {
        refused(
                "{\"schemaVersion\":2,\"mediaType\":\""
                        + MediaType.MANIFEST
                        + "\",\"config\":"
                        + D
                        + ",\"layers\":[],\"manifests\":[]}",
                MediaType.MANIFEST,
                "must not have 'manifests'");
        refused(
                "{\"schemaVersion\":2,\"mediaType\":\""
                        + MediaType.INDEX
                        + "\",\"layers\":[],\"manifests\":[]}",
                MediaType.INDEX,
                "must not have 'layers'");
    }

    @Test
    void evenANullMemberOfTheOtherKindIsRefused() {
        refused(
                "{\"schemaVersion\":2,\"mediaType\":\""
                        + MediaType.INDEX
                        + "\",\"layers\":null,\"manifests\":[]}",
                MediaType.INDEX,
                "must not have 'layers'");
    }

    @Test
    void aDocumentThatCallsItselfSomethingElseIsRefused() {
        var index = OciJson.write(Index.of(List.of()));
        assertThatThrownBy(() -> OciJson.read(index, MediaType.MANIFEST))
                .isInstanceOf(MalformedDocumentException.class)
                .hasMessageContaining("calls itself '" + MediaType.INDEX + "'");
        refused(
                "{\"schemaVersion\":2,\"manifests\":[]}",
                MediaType.INDEX,
                "'mediaType' is missing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"a":1,"a":2}                                    | appears twice
                    {"a":1} {}                                       | more after
                    {"a":1                                           | not JSON
                    {'a':1}                                          | not JSON
                    {"a":NaN}                                        | not JSON
                    [1]                                              | not a JSON object
                    {"schemaVersion":1,"mediaType":"x","manifests":[]} | schemaVersion is 1
                    {"schemaVersion":2.5,"manifests":[]}             | whole number
                    {"schemaVersion":"2","manifests":[]}             | not a number
                    """)
    void brokenDocumentsAreRefusedWithTheirReason(String json, String reason) {
        refused(json, MediaType.INDEX, reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"size\":-1",
                "\"size\":1e3",
                "\"size\":99999999999999999999",
                "\"size\":null",
            })
    void aDescriptorNeedsASize(String size) {
        refused(
                "{\"schemaVersion\":2,\"mediaType\":\""
                        + MediaType.INDEX
                        + "\",\"manifests\":["
                        + D.replace("\"size\":7", size)
                        + "]}",
                MediaType.INDEX,
                "manifests[0]");
    }

    @Test
    void aDigestOfAnotherAlgorithmIsRefused() {
        refused(
                "{\"schemaVersion\":2,\"mediaType\":\""
                        + MediaType.INDEX
                        + "\",\"manifests\":["
                        + D.replace("sha256", "sha512")
                        + "]}",
                MediaType.INDEX,
                "begins with 'sha256:'");
    }

    @Test
    void aDocumentDeeperThanTheLimitIsRefused() {
        String deep = "[".repeat(Json.MAX_DEPTH + 1) + "]".repeat(Json.MAX_DEPTH + 1);
        assertThatThrownBy(() -> Json.parse(deep.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(MalformedDocumentException.class);
    }

    @Test
    void aDocumentLargerThanTheLimitIsRefused() {
        assertThatThrownBy(() -> Json.parse(new byte[Json.MAX_BYTES + 1]))
                .isInstanceOf(MalformedDocumentException.class)
                .hasMessageContaining("the limit is");
    }

    @Test
    void onlyUtf8IsRead() {
        assertThatThrownBy(() -> Json.parse("{}".getBytes(StandardCharsets.UTF_16BE)))
                .isInstanceOf(MalformedDocumentException.class);
        assertThatThrownBy(() -> Json.parse(new byte[] {'"', (byte) 0xc0, (byte) 0x80, '"'}))
                .hasMessage("not UTF-8");
    }

    @Test
    void aForeignDescriptorsAddressesAreDropped() {
        var read =
                OciJson.read(
                        ("{\"schemaVersion\":2,\"mediaType\":\""
                                        + MediaType.INDEX
                                        + "\",\"manifests\":["
                                        + D.replace(
                                                "\"size\":7",
                                                "\"size\":7,\"urls\":[\"http://10.0.0.1/\"]")
                                        + "]}")
                                .getBytes(StandardCharsets.UTF_8),
                        MediaType.INDEX);
        assertThat(read.children())
                .containsExactly(
                        Descriptor.of(
                                MediaType.CONFIG,
                                new Blob(new Digest("0123456789abcdef".repeat(4)), 7)));
    }

    private static void refused(String json, String contentType, String reason) {
        assertThatThrownBy(() -> OciJson.read(json.getBytes(StandardCharsets.UTF_8), contentType))
                .isInstanceOf(MalformedDocumentException.class)
                .hasMessageContaining(reason);
    }
}
