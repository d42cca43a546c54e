package rookery.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rookery.oci.Blob;
import rookery.oci.Index;
import rookery.oci.MediaType;
import rookery.oci.json.OciJson;
import rookery.oci.layout.ImageLayout;
import rookery.oci.registry.Credentials.Login;
import rookery.oci.registry.RegistryException.Kind;

/// A registry that tries to get at the password, and a stranger who waits for it.
class EvilRegistryTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
    private static final Blob BLOB = Blob.of(HELLO);
    private static final String TOKEN = "{\"token\":\"abc.def\"}";

    @TempDir Path dir;
    private final Fixtures.Sleeps sleeps = new Fixtures.Sleeps();
    private FakeRegistry registry;
    private FakeRegistry stranger;
    private HttpClient http;
    private RegistryClient client;
    private ImageLayout layout;

    @BeforeEach
    void start() throws IOException {
        registry = new FakeRegistry();
        stranger = new FakeRegistry();
        http = RegistryClient.httpClient();
        client = Fixtures.client(http, Fixtures.LOGIN, Policy.STANDARD, sleeps);
        layout = ImageLayout.create(dir.resolve("store"));
        layout.put(HELLO);
    }

    @AfterEach
    void noStrangerEverSawAHeader() {
        http.shutdownNow();
        registry.close();
        stranger.close();
        assertThat(stranger.authorizations()).isEmpty();
    }

    private void demandToken(String realm) {
        registry.demand("Bearer abc.def", "Bearer realm=\"" + realm + "\",service=\"r\"");
        registry.on("GET /token", exchange -> FakeRegistry.answer(exchange, 200, TOKEN));
    }

    private RegistryException refused(Kind kind, Call call) {
        var e = catchThrowableOfType(RegistryException.class, call::run);
        assertThat(e).as("an exception").isNotNull();
        assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
        assertThat(e).message().doesNotContain(Fixtures.SECRET, "abc.def").hasSizeLessThan(900);
        return e;
    }

    private interface Call {
        void run() throws IOException, InterruptedException;
    }

    private void push() throws IOException, InterruptedException {
        client.pushBlob(registry.repository(), BLOB, layout.find(BLOB.digest()).orElseThrow());
    }

    @Test
    void anHonestRegistryGetsItsPasswordOnlyAtItsTokenServer() throws Exception {
        demandToken(registry.url() + "/token?a=b");
        push();
        push();
        assertThat(registry.blobs).containsKey(BLOB.digest().toString());
        var token = registry.asked().stream().filter(a -> a.path().equals("/token")).toList();
        assertThat(token).as("asked once, then kept").hasSize(1);
        assertThat(token.getFirst().authorization()).startsWith("Basic ");
        assertThat(token.getFirst().query())
                .isEqualTo("a=b&service=r&scope=repository:acme/app:pull,push");
        assertThat(registry.asked().getFirst().authorization())
                .as("nothing before it is asked for")
                .isEmpty();
        assertThat(registry.authorizations().stream().filter(a -> a.startsWith("Basic")))
                .hasSize(1);
    }

    @Test
    void anIdentityTokenIsExchangedByPost() throws Exception {
        demandToken(registry.url() + "/token");
        registry.on(
                "POST /token", e -> FakeRegistry.answer(e, 200, "{\"access_token\":\"abc.def\"}"));
        client =
                Fixtures.client(
                        http, _ -> Optional.of(new Login.IdentityToken("refresh", "a test")));
        push();
        assertThat(registry.asked()).extracting(Object::toString).contains("POST /token");
        assertThat(registry.blobs).hasSize(1);
    }

    @Test
    void aBasicChallengeIsAnsweredAtTheRegistryItself() throws Exception {
        registry.demand("Basic bWU6czNjcjN0LVBhNTU=", "Basic realm=\"x\"");
        push();
        assertThat(registry.blobs).hasSize(1);
    }

    @Test
    void aTokenServerOnAnotherPortIsNotAsked() {
        demandToken(stranger.url() + "/token");
        var e = refused(Kind.BROKEN, this::push);
        assertThat(e).hasMessageContaining("nothing was sent there");
        assertThat(stranger.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:PORT/token",
                "http://127.0.0.2:PORT/token",
                "http://127.0.0.1.evil.example/token",
                "http://169.254.169.254/latest/meta-data",
                "https://evil.example/token",
                "http://me:pw@127.0.0.1:OWN/token",
                "file:///etc/passwd",
                "//127.0.0.1:PORT/token",
                "http:opaque",
                "::",
                "",
                "http://127.0.0.1:OWN/token#fragment",
            })
    void aStrangeTokenServerIsNotAsked(String realm) {
        demandToken(
                realm.replace("PORT", "" + stranger.port()).replace("OWN", "" + registry.port()));
        refused(Kind.BROKEN, this::push);
        assertThat(stranger.asked()).isEmpty();
        assertThat(registry.authorizations()).isEmpty();
    }

    @Test
    void aTokenServerThatRedirectsIsNotFollowed() {
        demandToken(registry.url() + "/token");
        registry.redirect("GET /token", 307, stranger.url() + "/token");
        refused(Kind.BROKEN, this::push);
        assertThat(stranger.asked()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:PORT/upload",
                "http://localhost:OWN/upload",
                "//127.0.0.1:PORT/upload",
                "http://me:pw@127.0.0.1:OWN/upload",
                "https://evil.example/upload",
                "ftp://127.0.0.1/",
            })
    void anUploadGoesNowhereElse(String location) {
        demandToken(registry.url() + "/token");
        registry.on(
                "POST /v2/acme/app/blobs/uploads/",
                e -> {
                    e.getResponseHeaders()
                            .set(
                                    "Location",
                                    location.replace("PORT", "" + stranger.port())
                                            .replace("OWN", "" + registry.port()));
                    FakeRegistry.answer(e, 202, new byte[0]);
                });
        refused(Kind.BROKEN, this::push);
        assertThat(stranger.asked()).isEmpty();
        assertThat(registry.asked()).extracting(FakeRegistry.Asked::method).doesNotContain("PUT");
    }

    @Test
    void anUploadWithoutALocationIsRefused() {
        registry.on("POST /v2/", e -> FakeRegistry.answer(e, 202, new byte[0]));
        assertThat(refused(Kind.BROKEN, this::push)).hasMessageContaining("no address");
    }

    @ParameterizedTest
    @CsvSource({"POST, 307", "POST, 308", "PUT, 301", "PUT, 302", "PUT, 307", "PUT, 308"})
    void aRedirectedUploadIsNotFollowed(String method, int status) {
        demandToken(registry.url() + "/token");
        registry.redirect(method + " /v2/", status, stranger.url() + "/take");
        refused(Kind.BROKEN, this::push);
        refused(
                Kind.BROKEN,
                () -> {
                    registry.redirect("PUT /v2/", status, stranger.url() + "/take");
                    client.pushManifest(
                            registry.repository().withTag("x"),
                            MediaType.INDEX,
                            OciJson.write(Index.of(List.of())));
                });
        assertThat(stranger.asked()).isEmpty();
    }

    @Test
    void aRedirectedDownloadIsFollowedWithoutAHeader() throws Exception {
        demandToken(registry.url() + "/token");
        client = Fixtures.client(http, Fixtures.LOGIN);
        var other = ImageLayout.create(dir.resolve("other"));
        String path = "/v2/acme/app/blobs/" + BLOB.digest();
        // First the token, then away, to where the bytes are.
        registry.on(
                "GET " + path,
                e -> {
                    if (e.getRequestHeaders().getFirst("Authorization") == null) {
                        e.getResponseHeaders()
                                .set(
                                        "WWW-Authenticate",
                                        "Bearer realm=\"" + registry.url() + "/token\"");
                        FakeRegistry.answer(e, 401, "");
                    } else {
                        e.getResponseHeaders().set("Location", stranger.url() + "/cdn?signed=1");
                        FakeRegistry.answer(e, 307, "");
                    }
                });
        stranger.on("GET /cdn", e -> FakeRegistry.answer(e, 200, HELLO));
        client.fetchBlob(registry.repository(), BLOB, other);
        assertThat(other.verify(BLOB.digest())).isEqualTo(BLOB);
        assertThat(stranger.asked()).hasSize(1);
        assertThat(stranger.authorizations()).isEmpty();
    }

    @Test
    void aHeaderDoesNotComeBackWithTheRedirectThatComesBack() throws Exception {
        demandToken(registry.url() + "/token");
        client.hasBlob(registry.repository(), BLOB); // now there is a token
        registry.redirect("GET /v2/acme/app/blobs/", 307, stranger.url() + "/a");
        stranger.redirect("GET /a", 307, registry.url() + "/steal");
        registry.on("GET /steal", e -> FakeRegistry.answer(e, 200, HELLO));
        var other = ImageLayout.create(dir.resolve("other"));
        client.fetchBlob(registry.repository(), BLOB, other);
        assertThat(registry.asked().getLast().path()).isEqualTo("/steal");
        assertThat(registry.asked().getLast().authorization()).isEmpty();
    }

    @Test
    void aStrangerWhoAsksForAPasswordGetsNone() {
        registry.redirect("GET /v2/", 302, stranger.url() + "/a");
        stranger.demand("Basic x", "Basic realm=\"give\"");
        refused(
                Kind.DENIED,
                () ->
                        client.fetchBlob(
                                registry.repository(),
                                BLOB,
                                ImageLayout.create(dir.resolve("other"))));
        assertThat(stranger.asked()).hasSize(1);
    }

    @Test
    void redirectsInACircleEnd() {
        registry.redirect("HEAD /v2/", 302, "/v2/again");
        refused(Kind.BROKEN, () -> client.hasBlob(registry.repository(), BLOB));
        assertThat(registry.asked()).hasSize(6);
    }

    @Test
    void aRegistryThatIsNeverContentIsAskedTwice() {
        registry.demand("Bearer unreachable", "Bearer realm=\"" + registry.url() + "/token\"");
        registry.on("GET /token", exchange -> FakeRegistry.answer(exchange, 200, TOKEN));
        var e = refused(Kind.DENIED, this::push);
        assertThat(e).hasMessageContaining("write:packages");
        assertThat(registry.asked()).hasSize(3);
        assertThat(sleeps.all).isEmpty();
    }

    @Test
    void anUnknownChallengeIsADenial() {
        registry.demand("x", "Negotiate");
        refused(Kind.DENIED, this::push);
        assertThat(registry.authorizations()).isEmpty();
    }

    @Test
    void noLoginIsADenialWithItsRemedy() {
        client = Fixtures.client(http, Credentials.NONE);
        registry.demand("x", "Basic realm=\"x\"");
        assertThat(refused(Kind.DENIED, this::push)).hasMessageContaining("podman login 127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"token\":\"LONG\"}",
                "{\"token\":\"a\\r\\nX-Evil: 1\"}",
                "{\"token\":\"a b\"}",
                "{\"token\":\"\"}",
                "{\"token\":5}",
                "[]",
                "<html>",
                "",
            })
    void aTokenThatIsNoneIsRefused(String body) {
        demandToken(registry.url() + "/token");
        registry.on(
                "GET /token",
                e -> FakeRegistry.answer(e, 200, body.replace("LONG", "a".repeat(40_000))));
        refused(Kind.BROKEN, this::push);
    }

    @Test
    void anEndlessAnswerIsCutOff() {
        demandToken(registry.url() + "/token");
        registry.on(
                "GET /token",
                e -> {
                    e.sendResponseHeaders(200, 0);
                    try (var out = e.getResponseBody()) {
                        for (int i = 0; i < 100; i++) {
                            out.write(new byte[1 << 20]);
                        }
                    }
                });
        assertThat(refused(Kind.BROKEN, this::push)).hasMessageContaining("longer than it may be");
    }

    @Test
    void aBlobThatIsLongerOrOtherThanItsDescriptorIsNotStored() throws IOException {
        var other = ImageLayout.create(dir.resolve("other"));
        for (String body : List.of("hello and more", "hellp", "hell")) {
            registry.on("GET /v2/", e -> FakeRegistry.answer(e, 200, body));
            refused(Kind.BROKEN, () -> client.fetchBlob(registry.repository(), BLOB, other));
            assertThat(other.has(BLOB.digest())).isFalse();
        }
    }

    @Test
    void aManifestWithOtherBytesThanItsDigestIsRefused() {
        byte[] index = OciJson.write(Index.of(List.of()));
        registry.on(
                "GET /v2/",
                e -> {
                    e.getResponseHeaders().set("Content-Type", MediaType.INDEX);
                    FakeRegistry.answer(e, 200, index);
                });
        refused(
                Kind.BROKEN,
                () -> client.manifest(registry.repository().withDigest(BLOB.digest())));
    }

    @Test
    void aManifestThatComesAsSomethingElseIsRefused() {
        byte[] index = OciJson.write(Index.of(List.of()));
        registry.on(
                "GET /v2/",
                e -> {
                    e.getResponseHeaders().set("Content-Type", MediaType.MANIFEST);
                    FakeRegistry.answer(e, 200, index);
                });
        var e =
                refused(
                        Kind.BROKEN,
                        () -> client.manifest(registry.repository().withTag("latest")));
        assertThat(e).hasMessageContaining("calls itself");
    }

    @Test
    void aDigestThatTheRegistryMakesUpIsRefused() {
        registry.on(
                "PUT /v2/acme/app/blobs/",
                e -> {
                    e.getResponseHeaders().set("Docker-Content-Digest", "sha256:evil");
                    FakeRegistry.answer(e, 201, "");
                });
        assertThat(refused(Kind.BROKEN, this::push)).hasMessageContaining("'sha256:evil'");
    }

    @Test
    void aBlobOfAnotherLengthUnderOurNameIsRefused() {
        registry.on("HEAD /v2/", e -> FakeRegistry.answer(e, 200, "more than hello"));
        assertThat(refused(Kind.BROKEN, this::push)).hasMessageContaining("has 15 bytes");
    }

    @Test
    void whatPassesIsTriedAgainAsLongAsTheRegistryAsks() throws Exception {
        var answers =
                new java.util.ArrayDeque<>(
                        List.of("7", "Fri, 02 Jan 2026 03:04:16 GMT", "soon", ""));
        registry.on(
                "POST /v2/",
                e -> {
                    String after = answers.poll();
                    if (after == null) {
                        e.getResponseHeaders()
                                .set("Location", "/v2/acme/app/blobs/uploads/1?state=a%2Fb");
                        FakeRegistry.answer(e, 202, "");
                    } else {
                        e.getResponseHeaders().set("Retry-After", after);
                        FakeRegistry.answer(e, 429, "");
                    }
                });
        push();
        assertThat(registry.blobs).hasSize(1);
        assertThat(sleeps.all).hasSize(4);
        assertThat(sleeps.all.subList(0, 2))
                .containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(11));
        assertThat(sleeps.all.get(2)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(sleeps.all.get(3)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
    }

    @Test
    void aRegistryThatStaysDownIsUnreachable() {
        registry.on("HEAD /v2/", e -> FakeRegistry.answer(e, 503, ""));
        refused(Kind.UNREACHABLE, this::push);
        assertThat(registry.asked()).hasSize(5);
        assertThat(sleeps.all).hasSize(4);
    }

    @Test
    void aRegistryThatAsksForHoursIsNotWaitedFor() {
        registry.on(
                "HEAD /v2/",
                e -> {
                    e.getResponseHeaders().set("Retry-After", "7200");
                    FakeRegistry.answer(e, 429, "");
                });
        refused(Kind.UNREACHABLE, this::push);
        assertThat(sleeps.all).isEmpty();
    }

    @Test
    void noServerIsUnreachable() {
        registry.close();
        assertThat(refused(Kind.UNREACHABLE, this::push)).hasMessageContaining("no answer from");
    }

    @Test
    void aRefusalCarriesTheRegistrysWordsWithoutItsTricks() {
        registry.on(
                "POST /v2/",
                e ->
                        FakeRegistry.answer(
                                e,
                                400,
                                "{\"errors\":[{\"code\":\"NAME_INVALID\",\"message\":\"bad \\u001b[2J name\"}]}"));
        var e = refused(Kind.REFUSED, this::push);
        assertThat(e).hasMessageContaining("400: NAME_INVALID: bad ?[2J name");
        assertThat(e).hasMessageContaining(BLOB.digest().toString());
    }

    @Test
    void tlsNeverLeadsToPlainHttp() throws Exception {
        var tls = Fixtures.selfSigned(dir);
        try (var secure = FakeRegistry.overTls(tls);
                var trusting =
                        HttpClient.newBuilder()
                                .sslContext(tls)
                                .version(HttpClient.Version.HTTP_1_1)
                                .build()) {
            var policy = new Policy(false, Policy.STANDARD.tokenServers());
            var over = Fixtures.client(trusting, Fixtures.LOGIN, policy, sleeps);
            var other = ImageLayout.create(dir.resolve("other"));
            Call fetch = () -> over.fetchBlob(secure.repository(), BLOB, other);

            secure.redirect("GET /v2/", 307, stranger.url() + "/a");
            assertThat(refused(Kind.BROKEN, fetch)).hasMessageContaining("to plain HTTP");

            secure.redirect("GET /v2/", 307, "https://169.254.169.254/latest");
            assertThat(refused(Kind.BROKEN, fetch)).hasMessageContaining("bare address");

            secure.on(
                    "HEAD /v2/",
                    e -> {
                        e.getResponseHeaders()
                                .set(
                                        "WWW-Authenticate",
                                        "Bearer realm=\"" + stranger.url() + "/token\"");
                        FakeRegistry.answer(e, 401, "");
                    });
            Call look = () -> over.hasBlob(secure.repository(), BLOB);
            assertThat(refused(Kind.BROKEN, look)).hasMessageContaining("to plain HTTP");

            secure.on("HEAD /v2/", e -> FakeRegistry.answer(e, 200, HELLO));
            assertThat(over.hasBlob(secure.repository(), BLOB)).isTrue();
            assertThat(stranger.asked()).isEmpty();
            trusting.shutdownNow();
        }
    }

    @Test
    void aCertificateThatNobodyTrustsIsUnreachable() throws Exception {
        try (var secure = FakeRegistry.overTls(Fixtures.selfSigned(dir))) {
            var policy = new Policy(false, Policy.STANDARD.tokenServers());
            var over = Fixtures.client(http, Fixtures.LOGIN, policy, sleeps);
            assertThat(refused(Kind.UNREACHABLE, () -> over.hasBlob(secure.repository(), BLOB)))
                    .hasMessageContaining("certificate");
            assertThat(secure.asked()).isEmpty();
        }
    }
}
