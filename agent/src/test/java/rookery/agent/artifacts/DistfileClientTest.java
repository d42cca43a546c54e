package rookery.agent.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.agent.exec.LogSink;
import rookery.model.Blame;
import rookery.model.Distfile;
import rookery.model.RookeryException;

class DistfileClientTest {
    private static final byte[] GOOD = "the archive's bytes\n".getBytes(StandardCharsets.UTF_8);

    @TempDir Path directory;
    private HttpServer server;
    private String base = "";
    private final SortedMap<String, Answer> answers = new TreeMap<>();
    private final List<String> asked = new ArrayList<>();

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Answer(int status, byte[] body, long length, String type) {
        static Answer of(byte[] body) {
            return new Answer(200, body, body.length, "application/octet-stream");
        }
    }

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    String path = exchange.getRequestURI().getPath();
                    asked.add(path);
                    Answer answer =
                            answers.getOrDefault(
                                    path, new Answer(404, new byte[0], -1, "text/plain"));
                    exchange.getResponseHeaders().add("Content-Type", answer.type);
                    if (answer.status == 302)
                        exchange.getResponseHeaders().add("Location", "/moved");
                    exchange.sendResponseHeaders(answer.status, answer.length);
                    exchange.getResponseBody().write(answer.body);
                    exchange.close();
                });
        server.start();
        base = "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Distfile distfile(String... uris) throws Exception {
        var blake2b = new Blake2bDigest(512);
        blake2b.update(GOOD, 0, GOOD.length);
        var hash = new byte[64];
        blake2b.doFinal(hash, 0);
        var sha512 = java.security.MessageDigest.getInstance("SHA-512").digest(GOOD);
        return new Distfile(
                "x_1.orig.tar.gz",
                GOOD.length,
                HexFormat.of().formatHex(hash),
                HexFormat.of().formatHex(sha512),
                List.of(uris));
    }

    @Test
    void anArchiveIsFetchedByTheProxyThatTheEnvironmentNames() throws Exception {
        SortedMap<String, String> environment = new TreeMap<>();
        environment.put("HTTP_PROXY", base);
        answers.put("/x.tar.gz", Answer.of(GOOD));
        try (var client =
                new DistfileClient(
                        List.of(), Optional.empty(), new EnvironmentProxies(environment))) {
            Distfile distfile = distfile("http://archive.invalid/x.tar.gz");
            assertThat(client.fetch(distfile, directory, LogSink.none())).hasBinaryContent(GOOD);
        }
    }

    private Path fetch(Distfile distfile, String... mirrors) throws Exception {
        try (var client =
                new DistfileClient(
                        List.of(mirrors), Optional.empty(), HttpClient.Builder.NO_PROXY)) {
            return client.fetch(distfile, directory, LogSink.none());
        }
    }

    private static void blamed(Blame blame, ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RookeryException.class, e -> assertThat(e.blame()).isEqualTo(blame))
                .hasMessageContainingAll(words);
    }

    @Test
    void theHashIsBlake2bAsTheRfcHasIt() {
        var blake2b = new Blake2bDigest(512);
        blake2b.update("abc".getBytes(StandardCharsets.UTF_8), 0, 3);
        var hash = new byte[64];
        blake2b.doFinal(hash, 0);
        assertThat(HexFormat.of().formatHex(hash))
                .startsWith("ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b7");
    }

    @Test
    void aFileThatFitsIsTakenFromItsFirstPlaceAlsoThroughARedirect() throws Exception {
        answers.put("/a", new Answer(302, new byte[0], -1, "text/plain"));
        answers.put("/moved", Answer.of(GOOD));
        assertThat(fetch(distfile(base + "/a", base + "/b"))).hasBinaryContent(GOOD);
        assertThat(asked).containsExactly("/a", "/moved");
    }

    @Test
    void afterA404TheNextPlaceIsAskedAndThenTheMirror() throws Exception {
        answers.put("/distfiles/x_1.orig.tar.gz", Answer.of(GOOD));
        assertThat(fetch(distfile(base + "/gone"), base + "/")).hasBinaryContent(GOOD);
        assertThat(asked).hasSize(3).startsWith("/gone").endsWith("/distfiles/x_1.orig.tar.gz");
        assertThat(asked.get(1)).matches("/distfiles/[0-9a-f]{2}/x_1\\.orig\\.tar\\.gz");
    }

    @Test
    void otherBytesOfTheRightLengthAreTheManifestsFault() throws Exception {
        byte[] other = GOOD.clone();
        other[0] ^= 1;
        answers.put("/a", Answer.of(other));
        Distfile distfile = distfile(base + "/a");
        blamed(Blame.SPEC, () -> fetch(distfile), "does not fit its Manifest", "BLAKE2B", "/a");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void tooManyBytesAreNotEvenTaken() throws Exception {
        answers.put("/a", Answer.of(new byte[5_000_000]));
        Distfile distfile = distfile(base + "/a");
        blamed(Blame.SPEC, () -> fetch(distfile), "does not fit its Manifest");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void tooManyBytesOfUnsaidLengthEndTheTransfer() throws Exception {
        answers.put("/a", new Answer(200, new byte[5_000_000], 0, "application/gzip"));
        Distfile distfile = distfile(base + "/a");
        blamed(Blame.SPEC, () -> fetch(distfile), "more than " + GOOD.length + " bytes");
    }

    @Test
    void aBodyThatIsCutIsTheServersFault() throws Exception {
        answers.put("/a", new Answer(200, new byte[] {1, 2}, GOOD.length, "application/gzip"));
        Distfile distfile = distfile(base + "/a");
        blamed(Blame.UPSTREAM, () -> fetch(distfile), "could not be fetched", base + "/a");
    }

    @Test
    void aFriendlyPageIsNoArchive() throws Exception {
        byte[] page = "<html>log in".getBytes(StandardCharsets.UTF_8);
        answers.put("/a", new Answer(200, page, page.length, "text/html; charset=utf-8"));
        Distfile distfile = distfile(base + "/a");
        blamed(Blame.UPSTREAM, () -> fetch(distfile), "web page");
    }

    @Test
    void everyPlaceThatWasTriedIsNamed() throws Exception {
        Distfile distfile = distfile(base + "/a", "ftp://example.invalid/b", "mirror://gentoo/c");
        blamed(
                Blame.UPSTREAM,
                () -> fetch(distfile),
                "/a (status 404)",
                "ftp://example.invalid/b (only http",
                "mirror://gentoo/c",
                "GENTOO_MIRRORS");
    }
}
