package rookery.coordinator.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import rookery.model.RookeryException;

/// The listener, asked over a socket, so that nothing between stands in the way of an odd request.
class WebServerTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final String TOKEN = "correct-horse-battery-staple";
    private static final int TIMEOUT_MS = 20_000;

    private final PlayedFarm played = Scenes.busy();
    private final Meters meters = new Meters();
    private WebServer server = serve(Config.local(0));

    @AfterEach
    void stop() {
        server.close();
    }

    @AfterAll
    static void end() {
        VERTX.close().await();
    }

    private WebServer serve(Config config) {
        return new WebServer(
                        VERTX,
                        config,
                        played::farm,
                        DashboardMain.memoryOnly(played.farm()),
                        DashboardMain.texts(),
                        meters,
                        played::now)
                .start();
    }

    private WebServer serveWithToken() {
        server.close();
        return serve(
                new Config("127.0.0.1", 0, Optional.empty(), Optional.of(TOKEN), new TreeSet<>()));
    }

    @Test
    void everyPageComesWithHeadersThatLetNothingElseIn() throws IOException {
        for (String path :
                List.of(
                        "/",
                        "/jobs",
                        "/agents",
                        "/jobs/j81d20e44",
                        "/jobs/j81d20e44/steps/" + Scenes.OPENSSL)) {
            String answer = get(path);
            assertThat(answer)
                    .as(path)
                    .startsWith("HTTP/1.1 200 OK")
                    .contains("Content-Security-Policy: default-src 'self'")
                    .contains("frame-ancestors 'none'")
                    .contains("X-Content-Type-Options: nosniff")
                    .contains("Cross-Origin-Resource-Policy: same-origin")
                    .contains("Cache-Control: no-store")
                    .contains("Content-Type: text/html; charset=utf-8")
                    .doesNotContainIgnoringCase("Access-Control-Allow");
        }
    }

    @Test
    void aNameThatIsNotThisMachinesIsRefused() throws IOException {
        assertThat(ask("GET / HTTP/1.1", "Host: evil.example:7603")).startsWith("HTTP/1.1 403");
        assertThat(ask("GET / HTTP/1.1", "Host: 127.0.0.1.evil.example"))
                .startsWith("HTTP/1.1 403");
        assertThat(ask("GET / HTTP/1.0")).startsWith("HTTP/1.0 403");
        assertThat(ask("GET / HTTP/1.1", "Host: localhost:9")).startsWith("HTTP/1.1 200");
        assertThat(ask("GET / HTTP/1.1", "Host: [::1]:9")).startsWith("HTTP/1.1 200");
    }

    @Test
    void anotherSitesPageIsRefused() throws IOException {
        String host = "Host: localhost:7603";
        assertThat(ask("GET /live/ HTTP/1.1", host, "Origin: https://evil.example"))
                .startsWith("HTTP/1.1 403");
        assertThat(ask("GET /live/ HTTP/1.1", host, "Origin: null")).startsWith("HTTP/1.1 403");
        assertThat(
                        ask(
                                "GET / HTTP/1.1",
                                host,
                                "Sec-Fetch-Site: cross-site",
                                "Sec-Fetch-Mode: no-cors"))
                .startsWith("HTTP/1.1 403");
        assertThat(
                        ask(
                                "GET / HTTP/1.1",
                                host,
                                "Sec-Fetch-Site: cross-site",
                                "Sec-Fetch-Mode: navigate"))
                .startsWith("HTTP/1.1 200");
        assertThat(ask("GET / HTTP/1.1", host, "Origin: http://localhost:7603"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void nothingCanBeChangedThroughIt() throws IOException {
        for (String method : List.of("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"))
            assertThat(ask(method + " /jobs/j81d20e44 HTTP/1.1", "Host: localhost"))
                    .startsWith("HTTP/1.1 405")
                    .containsIgnoringCase("allow: GET, HEAD");
    }

    @Test
    void noPathLeadsOutOfTheListOfFiles() throws IOException {
        for (String path :
                List.of(
                        "/static/../WebServer.class",
                        "/static/%2e%2e/%2e%2e/store/1.sql",
                        "/static/..%2f..%2fstore/1.sql",
                        "/static//etc/passwd",
                        "/static/",
                        "/static",
                        "/META-INF/MANIFEST.MF",
                        "/jobs/j81d20e44/logs/../../../etc/passwd",
                        "/jobs/..%2f..%2f/logs/x"))
            assertThat(get(path)).as(path).startsWith("HTTP/1.1 404").contains("Nothing is here");
    }

    @Test
    void staticFilesAreKeptForEverUnderTheirVersion() throws IOException {
        String page = get("/");
        var link = Pattern.compile("/static/[a-z.]+\\?v=[0-9a-f]{12}").matcher(page);
        int found = 0;
        while (link.find()) {
            found++;
            assertThat(get(link.group()))
                    .startsWith("HTTP/1.1 200")
                    .contains("immutable")
                    .contains("X-Content-Type-Options: nosniff");
        }
        assertThat(found).isGreaterThanOrEqualTo(5);
    }

    @Test
    void whatIsNotThereIsSaidOnAPageOfOurOwn() throws IOException {
        assertThat(get("/jobs/j404")).startsWith("HTTP/1.1 404").contains("There is no job j404");
        assertThat(get("/jobs/j81d20e44/steps/none")).startsWith("HTTP/1.1 404");
        assertThat(get("/%3Cscript%3E")).doesNotContain("<script>");
        assertThat(ask("GET " + "/x".repeat(4_000) + " HTTP/1.1", "Host: localhost"))
                .contains(" 400 Bad Request")
                .contains("Content-Security-Policy");
        assertThat(ask("GET / HTTP/1.1", "Host: localhost", "X: " + "x".repeat(20_000)))
                .contains(" 400 Bad Request");
    }

    @Test
    void theWholeLogIsPlainText() throws IOException {
        String answer = get("/jobs/j81d20e44/logs/" + Scenes.OPENSSL);
        assertThat(answer)
                .startsWith("HTTP/1.1 200")
                .contains("Content-Type: text/plain; charset=utf-8")
                .contains(Scenes.log(Scenes.OPENSSL).orElseThrow());
    }

    @Test
    void metricsAndHealthAreForPrograms() throws IOException {
        meters.committed(3, Duration.ofMillis(2));
        assertThat(get("/metrics"))
                .contains("rookery_commit_steps_bucket{le=\"4\"} 1\n")
                .contains("rookery_commit_seconds_count 1\n")
                .contains("rookery_jvm_heap_used_bytes ")
                .contains("rookery_dashboard_streams 0\n");
        assertThat(ask("GET /healthz HTTP/1.1", "Host: 10.1.2.3:7603"))
                .startsWith("HTTP/1.1 200")
                .endsWith("ok\n");
    }

    @Test
    void aStreamSendsWhatChanged() throws IOException {
        try (Socket socket = open("GET /live/jobs/j81d20e44 HTTP/1.1", "Host: localhost")) {
            var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            await(lines, "retry: 2000");
            await(lines, "event: packages");
            played.phase("go-build/app/linux/amd64", "crypto/tls");
            await(lines, "event: matrix");
            await(lines, "crypto/tls");
        }
    }

    @Test
    void aStreamOfAStepCarriesItsLogAndWhereItIs() throws IOException {
        String path = "/live/jobs/j81d20e44/steps/" + Scenes.OPENSSL;
        int length = Scenes.log(Scenes.OPENSSL).orElseThrow().getBytes(UTF_8).length;
        try (Socket socket = open("GET " + path + " HTTP/1.1", "Host: localhost")) {
            var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            await(lines, "id: " + length);
            await(lines, "event: tail");
            await(lines, "<span class=\"f2\">&gt;&gt;&gt;</span>");
        }
    }

    @Test
    void whoeverDoesNotKnowTheTokenSeesTheFormOnly() throws IOException {
        server = serveWithToken();
        assertThat(get("/"))
                .startsWith("HTTP/1.1 401")
                .contains("Viewer token")
                .doesNotContain("curl-static");
        assertThat(get("/live/")).startsWith("HTTP/1.1 401").doesNotContain("event:");
        assertThat(get("/metrics")).startsWith("HTTP/1.1 401").doesNotContain("rookery_jobs");
        assertThat(get("/jobs/j81d20e44/logs/" + Scenes.OPENSSL)).startsWith("HTTP/1.1 401");
        assertThat(get("/healthz")).startsWith("HTTP/1.1 200");
        assertThat(ask("GET / HTTP/1.1", "Host: localhost", "Cookie: rookery=" + TOKEN))
                .startsWith("HTTP/1.1 401");
        assertThat(ask("GET / HTTP/1.1", "Host: localhost", "Authorization: Bearer wrong"))
                .startsWith("HTTP/1.1 401");
    }

    @Test
    void theTokenOpensTheDashboardForProgramsAndByTheFormForPeople() throws IOException {
        server = serveWithToken();
        assertThat(
                        ask(
                                "GET /metrics HTTP/1.1",
                                "Host: localhost",
                                "Authorization: Bearer " + TOKEN))
                .startsWith("HTTP/1.1 200");
        assertThat(login("token=wrong"))
                .startsWith("HTTP/1.1 401")
                .doesNotContainIgnoringCase("set-cookie");
        String answer = login("token=" + TOKEN);
        assertThat(answer)
                .startsWith("HTTP/1.1 303")
                .containsIgnoringCase("HttpOnly")
                .contains("SameSite=Strict");
        var cookie = Pattern.compile("rookery=[0-9a-f]{64}").matcher(answer);
        assertThat(cookie.find()).isTrue();
        assertThat(cookie.group()).doesNotContain(TOKEN);
        assertThat(ask("GET / HTTP/1.1", "Host: localhost", "Cookie: " + cookie.group()))
                .startsWith("HTTP/1.1 200")
                .contains("Log out");
        assertThat(
                        ask(
                                "POST /login HTTP/1.1",
                                "Host: localhost",
                                "Origin: https://evil.example",
                                "Content-Length: 0"))
                .startsWith("HTTP/1.1 403");
    }

    @Test
    void anAddressThatOthersCanReachNeedsTlsAndAToken() {
        for (String host : List.of("0.0.0.0", "::", "192.0.2.1", "farm.example"))
            assertThatThrownBy(() ->
                            new Config(
                                    host, 0, Optional.empty(), Optional.of(TOKEN), new TreeSet<>()))
                    .isInstanceOf(RookeryException.class)
                    .hasMessageContaining("without TLS")
                    .hasMessageContaining("ssh -L");
        assertThatThrownBy(() ->
                        new Config(
                                "0.0.0.0",
                                0,
                                Optional.of(new PemKeyCertOptions()),
                                Optional.empty(),
                                new TreeSet<>()))
                .hasMessageContaining("without a viewer token");
        assertThatThrownBy(() ->
                        new Config(
                                "127.0.0.1",
                                0,
                                Optional.empty(),
                                Optional.of("short"),
                                new TreeSet<>()))
                .hasMessageContaining("openssl rand");
    }

    @Test
    void anAddressThatIsTakenIsSaidInASentence() {
        assertThatThrownBy(() -> serve(Config.local(server.port())))
                .isInstanceOf(RookeryException.class)
                .hasMessageContaining("is another coordinator running");
    }

    private String login(String form) throws IOException {
        return ask(
                "POST /login HTTP/1.1",
                "Host: localhost",
                "Origin: http://localhost",
                "Content-Type: application/x-www-form-urlencoded",
                "Content-Length: " + form.length(),
                "",
                form);
    }

    private String get(String path) throws IOException {
        return ask("GET " + path + " HTTP/1.1", "Host: localhost");
    }

    /// The whole answer.
    private String ask(String... lines) throws IOException {
        var all = new ArrayList<>(List.of(lines));
        all.add(1, "Connection: close");
        try (Socket socket = open(all.toArray(String[]::new))) {
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    private Socket open(String... lines) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(TIMEOUT_MS);
        boolean body = List.of(lines).contains("");
        socket.getOutputStream()
                .write(
                        (String.join("\r\n", lines) + (body ? "" : "\r\n\r\n"))
                                .getBytes(ISO_8859_1));
        return socket;
    }

    private static void await(BufferedReader lines, String text) throws IOException {
        for (String line = lines.readLine(); line != null; line = lines.readLine())
            if (line.contains(text)) return;
        throw new AssertionError("the stream ended before '" + text + "'");
    }
}
