package rookery.coordinator.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.access.Identity;
import rookery.access.Renewal;
import rookery.access.Role;

/// How an identity keeps fresh by itself.
class RenewalTest {
    private static final int TRIES = 12;

    @TempDir Path directory;

    @Test
    void renewalGoesOnByItselfUntilItIsRevoked() throws Exception {
        try (var farm = new TestFarm(directory)) {
            Identity agent = farm.join(Role.AGENT, "a1");
            var waits = new ArrayList<Duration>();
            Renewal.Pause pause =
                    until -> {
                        waits.add(Duration.between(farm.clock.instant(), until));
                        if (waits.size() == 4) farm.authority.revokeName("a1");
                        farm.clock.pass(waits.getLast());
                    };
            try (var renewal = Renewal.start(agent, new Random(1), pause)) {
                assertThat(renewal.refused().get()).hasMessageContaining("was revoked at");
            }
            assertThat(farm.authority.certificates()).hasSize(4);
            // Two thirds of a day, a little earlier by chance.
            assertThat(waits)
                    .hasSize(4)
                    .allSatisfy(w -> assertThat(w.toMinutes()).isBetween(14 * 60L, 16 * 60L));
        }
    }

    @Test
    void aFarmThatIsAwayIsAskedLessAndLessOften() throws Exception {
        var waits = new ArrayList<Duration>();
        var enough = new CompletableFuture<List<Duration>>();
        try (var farm = new TestFarm(directory)) {
            Identity agent = farm.join(Role.AGENT, "a1");
            farm.server.close();
            Renewal.Pause pause =
                    until -> {
                        waits.add(Duration.between(farm.clock.instant(), until));
                        if (waits.size() == TRIES) {
                            enough.complete(List.copyOf(waits));
                            throw new InterruptedException();
                        }
                        farm.clock.pass(waits.getLast());
                    };
            try (var renewal = Renewal.start(agent, new Random(1), pause)) {
                List<Duration> all = enough.get();
                assertThat(all.get(1)).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
                assertThat(all.getLast()).isBetween(Duration.ofMinutes(5), Duration.ofMinutes(10));
                assertThat(renewal.refused()).isNotDone();
            }
        }
    }

    @Test
    void httpShowsThePresentCertificateToo() throws Exception {
        try (var farm = new TestFarm(directory)) {
            Identity agent = farm.join(Role.AGENT, "a1");
            HttpsServer server = blobs(farm.authority);
            try (HttpClient http = HttpClient.newBuilder().sslContext(agent.sslContext()).build()) {
                var ask =
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "https://127.0.0.1:"
                                                        + server.getAddress().getPort()))
                                .build();
                String before = http.send(ask, HttpResponse.BodyHandlers.ofString()).body();
                assertThat(before).isEqualTo(agent.credential().serial());
                Renewal.now(agent);
                String after = http.send(ask, HttpResponse.BodyHandlers.ofString()).body();
                assertThat(after).isEqualTo(agent.credential().serial()).isNotEqualTo(before);
            } finally {
                server.stop(0);
            }
        }
    }

    /// Says whom it sees, one request a connection.
    private static HttpsServer blobs(Authority authority) throws Exception {
        HttpsServer server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(authority.serverContext()) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        var tls = getSSLContext().getDefaultSSLParameters();
                        tls.setNeedClientAuth(true);
                        parameters.setSSLParameters(tls);
                    }
                });
        server.createContext(
                "/",
                exchange -> {
                    var shown =
                            (X509Certificate)
                                    ((HttpsExchange) exchange)
                                            .getSSLSession()
                                            .getPeerCertificates()[0];
                    byte[] answer =
                            authority
                                    .admit(shown)
                                    .serial()
                                    .getBytes(java.nio.charset.StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().add("Connection", "close");
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        server.start();
        return server;
    }
}
