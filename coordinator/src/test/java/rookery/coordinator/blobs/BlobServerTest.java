package rookery.coordinator.blobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rookery.oci.Digest;

class BlobServerTest {
    private static final byte[] SMALL = "a small blob".getBytes(UTF_8);
    private static final Digest DIGEST = Digest.of(SMALL);
    private static final byte[] NONE = new byte[0];

    @TempDir Path directory;
    private Plane plane;

    @BeforeEach
    void open() throws IOException {
        plane = new Plane(directory.resolve("store"));
    }

    @AfterEach
    void close() throws IOException {
        plane.close();
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    private static void isRefused(HttpResponse<byte[]> answer, int status, String code) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(new String(answer.body(), UTF_8))
                .startsWith("{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"");
        assertThat(header(answer, "Content-Type")).isEqualTo("application/json");
    }

    @Test
    void theApiSaysThatItIsSpoken() throws Exception {
        assertThat(plane.ask("GET", "/v2/").statusCode()).isEqualTo(200);
    }

    @Test
    void aBlobIsPushedInOnePutAndReadBack() throws Exception {
        var begun = plane.ask("POST", "uploads/");
        assertThat(begun.statusCode()).isEqualTo(202);
        assertThat(header(begun, "Range")).isEmpty();
        var done = plane.ask("PUT", header(begun, "Location") + "?digest=" + DIGEST, SMALL);
        assertThat(done.statusCode()).isEqualTo(201);
        assertThat(header(done, "Location")).isEqualTo("/v2/rookery/farm/blobs/" + DIGEST);
        assertThat(header(done, "Docker-Content-Digest")).isEqualTo(DIGEST.toString());
        var read = plane.ask("GET", header(done, "Location"));
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.body()).isEqualTo(SMALL);
        assertThat(header(read, "Docker-Content-Digest")).isEqualTo(DIGEST.toString());
        assertThat(header(read, "Content-Length")).isEqualTo("12");
        var head = plane.ask("HEAD", header(done, "Location"));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(header(head, "Content-Length")).isEqualTo("12");
        assertThat(plane.leftovers()).isEmpty();
    }

    @Test
    void aBlobIsPushedInOnePost() throws Exception {
        assertThat(plane.ask("POST", "uploads/?digest=" + DIGEST, SMALL).statusCode())
                .isEqualTo(201);
        assertThat(plane.layout.read(DIGEST, 100)).isEqualTo(SMALL);
    }

    @Test
    void aBlobIsPushedInChunks() throws Exception {
        String upload = plane.begin();
        var first = plane.ask("PATCH", upload, new byte[] {'a', ' '}, "Content-Range", "0-1");
        assertThat(first.statusCode()).isEqualTo(202);
        assertThat(header(first, "Range")).isEqualTo("0-1");
        assertThat(header(first, "Location")).isEqualTo(upload);
        var second = plane.ask("PATCH", upload, "small".getBytes(UTF_8));
        assertThat(header(second, "Range")).isEqualTo("0-6");
        assertThat(plane.came(upload)).isEqualTo(7);
        assertThat(plane.layout.has(DIGEST)).isFalse();
        var last =
                plane.ask(
                        "PUT",
                        upload + "?digest=sha256%3A" + DIGEST.hex(),
                        " blob".getBytes(UTF_8),
                        "Content-Range",
                        "7-11");
        assertThat(last.statusCode()).isEqualTo(201);
        assertThat(plane.layout.read(DIGEST, 100)).isEqualTo(SMALL);
        isRefused(plane.ask("GET", upload), 404, "BLOB_UPLOAD_UNKNOWN");
    }

    @Test
    void anEmptyBlobIsABlob() throws Exception {
        Digest empty = Digest.of(NONE);
        assertThat(plane.ask("PUT", plane.begin() + "?digest=" + empty).statusCode())
                .isEqualTo(201);
        assertThat(plane.ask("GET", empty.toString()).body()).isEmpty();
    }

    @Test
    void chunksOutOfOrderAreTurnedBackToTheirPlace() throws Exception {
        String upload = plane.begin();
        plane.ask("PATCH", upload, new byte[5], "Content-Range", "0-4");
        var wrong = plane.ask("PATCH", upload, new byte[5], "Content-Range", "10-14");
        isRefused(wrong, 416, "BLOB_UPLOAD_INVALID");
        assertThat(header(wrong, "Range")).isEqualTo("0-4");
        var again =
                plane.ask("PUT", upload + "?digest=" + DIGEST, new byte[5], "Content-Range", "0-4");
        isRefused(again, 416, "BLOB_UPLOAD_INVALID");
        assertThat(plane.came(upload)).isEqualTo(5);
    }

    @Test
    void aChunkThatIsLongerThanItSaysEndsTheUpload() throws Exception {
        String upload = plane.begin();
        isRefused(
                plane.ask("PATCH", upload, new byte[9], "Content-Range", "0-4"),
                400,
                "SIZE_INVALID");
        isRefused(plane.ask("GET", upload), 404, "BLOB_UPLOAD_UNKNOWN");
        assertThat(plane.leftovers()).isEmpty();
    }

    @Test
    void aChunkThatIsShorterThanItSaysIsNotTheEnd() throws Exception {
        String upload = plane.begin();
        var answer =
                plane.ask("PUT", upload + "?digest=" + DIGEST, new byte[3], "Content-Range", "0-4");
        isRefused(answer, 416, "BLOB_UPLOAD_INVALID");
        assertThat(plane.came(upload)).isEqualTo(3);
    }

    @Test
    void bytesOfAnotherDigestAreNotStored() throws Exception {
        String upload = plane.begin();
        var answer = plane.ask("PUT", upload + "?digest=" + DIGEST, "other".getBytes(UTF_8));
        isRefused(answer, 400, "DIGEST_INVALID");
        isRefused(plane.ask("GET", upload), 404, "BLOB_UPLOAD_UNKNOWN");
        assertThat(plane.layout.list()).isEmpty();
        assertThat(plane.leftovers()).isEmpty();
    }

    @Test
    void anUploadThatIsGivenUpLeavesNothing() throws Exception {
        String upload = plane.begin();
        plane.ask("PATCH", upload, new byte[100]);
        assertThat(plane.ask("DELETE", upload).statusCode()).isEqualTo(204);
        isRefused(plane.ask("PATCH", upload, new byte[1]), 404, "BLOB_UPLOAD_UNKNOWN");
        assertThat(plane.leftovers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /v2/rookery/farm/manifests/latest,                  404, UNSUPPORTED",
        "GET,    /v2/rookery/other/blobs/sha256:00,                  404, NAME_UNKNOWN",
        "GET,    /v2/rookery/farm/blobs/sha256:00,                   400, DIGEST_INVALID",
        "GET,    /v2/rookery/farm/blobs/sha512:00,                   400, DIGEST_INVALID",
        "GET,    /v2/rookery/farm/blobs/%ZZ,                         400, DIGEST_INVALID",
        "DELETE, /v2/,                                               405, UNSUPPORTED",
        "GET,    /v2/rookery/farm/blobs/uploads/,                    405, UNSUPPORTED",
        "GET,    /v2/rookery/farm/blobs/uploads/none,                404, BLOB_UPLOAD_UNKNOWN",
        "GET,    /v2/rookery/farm/blobs/uploads/..%2F..%2Findex.json, 404, BLOB_UPLOAD_UNKNOWN",
        "POST,   /v2/rookery/farm/blobs/uploads/?digest=md5:1,       400, DIGEST_INVALID",
        "GET,    /anything,                                          404, UNSUPPORTED",
    })
    void whatIsNoneIsRefusedInTheSpecificationsForm(
            String method, String path, int status, String code) throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), plane.port())) {
            String request =
                    method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            assertThat(answer)
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("\"code\":\"" + code);
        }
    }

    @Test
    void aMissingBlobIsUnknown() throws Exception {
        isRefused(plane.ask("GET", DIGEST.toString()), 404, "BLOB_UNKNOWN");
        assertThat(plane.ask("HEAD", DIGEST.toString()).statusCode()).isEqualTo(404);
    }

    @Test
    void theLastRequestOfAnUploadNamesItsDigest() throws Exception {
        isRefused(plane.ask("PUT", plane.begin(), SMALL), 400, "DIGEST_INVALID");
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0,     206, bytes 0-0/12,  a",
        "bytes=2-6,     206, bytes 2-6/12,  small",
        "bytes=8-,      206, bytes 8-11/12, blob",
        "bytes=-4,      206, bytes 8-11/12, blob",
        "bytes=-400,    206, bytes 0-11/12, a small blob",
        "bytes=8-400,   206, bytes 8-11/12, blob",
        "bytes=12-,     416, bytes */12,    ''",
        "bytes=-0,      416, bytes */12,    ''",
        "'bytes=0-1,4-5', 200, '',          a small blob",
        "bytes=5-2,     200, '',            a small blob",
        "lines=1-2,     200, '',            a small blob",
    })
    void rangesAreServedAsHttpHasIt(String range, int status, String told, String bytes)
            throws Exception {
        plane.put(SMALL);
        var answer = plane.ask("GET", DIGEST.toString(), NONE, "Range", range);
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(header(answer, "Content-Range")).isEqualTo(told);
        if (status < 300) assertThat(new String(answer.body(), UTF_8)).isEqualTo(bytes);
    }

    @Test
    void aLargeBlobGoesBothWaysWhole() throws Exception {
        byte[] large = Plane.bytes(1, 5_000_001);
        plane.put(large);
        assertThat(plane.ask("GET", Digest.of(large).toString()).body()).isEqualTo(large);
        var range = plane.ask("GET", Digest.of(large).toString(), NONE, "Range", "bytes=1-4999999");
        assertThat(range.body()).hasSize(4_999_999).startsWith(large[1], large[2]);
    }

    @Test
    void oneUploadIsCutAfterEveryChunkAndEndsWhole() throws Exception {
        int chunk = 64 << 10;
        byte[] large = Plane.bytes(2, 10 << 20);
        String upload = plane.begin();
        int cuts = 0;
        int came = 0;
        while (came < large.length) {
            int count = Math.min(chunk, large.length - came);
            plane.cut("PATCH", upload, large, came, count);
            int now = plane.came(upload);
            // What was on its way when the connection broke may be lost: one chunk, no more.
            assertThat(now).isBetween(came, came + count);
            assertThat(plane.layout.has(Digest.of(large))).isFalse();
            came = now;
            cuts++;
        }
        assertThat(cuts).isGreaterThanOrEqualTo(160);
        assertThat(plane.ask("PUT", upload + "?digest=" + Digest.of(large)).statusCode())
                .isEqualTo(201);
        plane.layout.verify(Digest.of(large));
    }

    @Test
    void anUploadOutlivesTheCoordinator() throws Exception {
        byte[] large = Plane.bytes(3, 300_000);
        String upload = plane.begin();
        plane.cut("PATCH", upload, large, 0, 200_000);
        int came = plane.came(upload);
        plane.restart();
        assertThat(plane.came(upload)).isEqualTo(came);
        byte[] rest = java.util.Arrays.copyOfRange(large, came, large.length);
        assertThat(plane.ask("PUT", upload + "?digest=" + Digest.of(large), rest).statusCode())
                .isEqualTo(201);
        plane.layout.verify(Digest.of(large));
    }

    @Test
    void twoUploadsOfOneBlobAtOnceBothEndWell() throws Exception {
        byte[] large = Plane.bytes(4, 2_000_000);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var ends = new ArrayList<Future<Integer>>();
            for (int i = 0; i < 8; i++) {
                Callable<Integer> push =
                        () ->
                                plane.ask(
                                                "PUT",
                                                plane.begin() + "?digest=" + Digest.of(large),
                                                large)
                                        .statusCode();
                ends.add(threads.submit(push));
            }
            for (var end : ends) assertThat(end.get()).isEqualTo(201);
        }
        plane.layout.verify(Digest.of(large));
        assertThat(plane.leftovers()).isEmpty();
    }

    @Test
    void aDamagedBlobIsNeverServedAndIsMissingAfterwards() throws Exception {
        byte[] large = Plane.bytes(5, 1_000_000);
        Digest digest = Digest.of(large);
        plane.put(large);
        assertThat(plane.ask("HEAD", digest.toString()).statusCode()).isEqualTo(200);
        plane.damage(digest, 500_000);
        assertThatThrownBy(() -> plane.ask("GET", digest.toString()))
                .isInstanceOf(IOException.class);
        assertThat(plane.ask("HEAD", digest.toString()).statusCode()).isEqualTo(404);
        assertThat(plane.layout.has(digest)).isFalse();
        plane.put(large);
        assertThat(plane.ask("GET", digest.toString()).body()).isEqualTo(large);
    }

    @Test
    void aDamagedBlobThatWasNotLookedAtBeforeIsMissingAtOnce() throws Exception {
        plane.layout.put(SMALL);
        plane.damage(DIGEST, 3);
        assertThat(plane.ask("HEAD", DIGEST.toString()).statusCode()).isEqualTo(404);
        assertThat(directory.resolve("store/.damaged")).isNotEmptyDirectory();
    }

    @Test
    void whoeverIsNotAllowedHearsWhyAndLeavesNothing() throws Exception {
        plane.close();
        Access closed = (who, wish) -> Optional.of("holds no lease");
        plane = new Plane(directory.resolve("closed"), BlobLimits.STANDARD, closed);
        var answer = plane.ask("POST", "uploads/?digest=" + DIGEST, SMALL);
        isRefused(answer, 403, "DENIED");
        assertThat(new String(answer.body(), UTF_8)).contains("owner holds no lease");
        assertThat(plane.ask("HEAD", DIGEST.toString()).statusCode()).isEqualTo(403);
        isRefused(plane.ask("GET", DIGEST.toString()), 403, "DENIED");
        assertThat(plane.leftovers()).isEmpty();
    }

    @Test
    void uploadsAreBoundedInNumberAndSize() throws Exception {
        plane.close();
        var few =
                new BlobLimits(50, 20, 3, 2, 1_000, 0, Duration.ofSeconds(20), Duration.ofHours(1));
        plane = new Plane(directory.resolve("few"), few, Access.OPEN);
        String first = plane.begin();
        plane.begin();
        isRefused(plane.ask("POST", "uploads/"), 429, "TOOMANYREQUESTS");
        isRefused(plane.ask("PATCH", first, new byte[1_001]), 413, "SIZE_INVALID");
        assertThat(plane.ask("PATCH", first, new byte[1_000]).statusCode()).isEqualTo(202);
        isRefused(plane.ask("PATCH", first, new byte[1]), 413, "SIZE_INVALID");
        assertThat(plane.ask("DELETE", first).statusCode()).isEqualTo(204);
        assertThat(plane.ask("POST", "uploads/").statusCode()).isEqualTo(202);
    }

    @Test
    void aFloodOfConnectionsLeavesRoomForNobodyButHarmsNothing() throws Exception {
        plane.close();
        var few =
                new BlobLimits(10, 5, 3, 2, 1_000, 0, Duration.ofSeconds(20), Duration.ofHours(1));
        plane = new Plane(directory.resolve("flood"), few, Access.OPEN);
        var sockets = new ArrayList<Socket>();
        for (int i = 0; i < 30; i++)
            sockets.add(new Socket(InetAddress.getLoopbackAddress(), plane.port()));
        int closed = 0;
        for (Socket socket : sockets.subList(10, 30)) {
            socket.setSoTimeout(10_000);
            if (socket.getInputStream().read() < 0) closed++;
        }
        assertThat(closed).isEqualTo(20);
        for (Socket socket : sockets) socket.close();
        plane.restart();
        assertThat(plane.ask("GET", "/v2/").statusCode()).isEqualTo(200);
    }

    @Test
    void hugeHeadersAreRefused() throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), plane.port())) {
            String request = "GET /v2/ HTTP/1.1\r\nHost: x\r\nA: " + "a".repeat(9_000) + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 431");
        }
    }
}
