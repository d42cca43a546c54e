package rookery.coordinator.blobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.access.Identity;
import rookery.access.Join;
import rookery.coordinator.trust.Authority;
import rookery.coordinator.trust.FarmServer;
import rookery.model.Blame;
import rookery.model.RookeryException;
import rookery.oci.Blob;
import rookery.oci.layout.ImageLayout;
import rookery.oci.registry.Credentials;
import rookery.oci.registry.Patience;
import rookery.oci.registry.Policy;
import rookery.oci.registry.Reference;
import rookery.oci.registry.RegistryClient;

/// The blob plane over TLS, with a certificate that the farm's authority gave.
class BlobTlsTest {
    private static final String NAME = "rookery/farm";

    @TempDir Path directory;

    @Test
    void nothingListensInPlaintextWhereOthersCanReachIt() throws Exception {
        var listen = new BlobServer.Listen("0.0.0.0", 0, NAME, Optional.empty());
        var store = new BlobStore(ImageLayout.create(directory), InstantSource.system());
        Vertx vertx = Vertx.vertx();
        try {
            assertThatThrownBy(() ->
                            BlobServer.start(
                                    vertx,
                                    listen,
                                    store,
                                    Access.OPEN,
                                    BlobLimits.STANDARD,
                                    InstantSource.system()))
                    .isInstanceOfSatisfying(
                            RookeryException.class,
                            e -> assertThat(e.blame()).isEqualTo(Blame.SPEC));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    @Test
    void whoeverTheFarmKnowsIsKnownHereAndNobodyElseComesIn() throws Exception {
        var seen = new AtomicReference<>(Visitor.OWNER);
        Access access =
                (who, _) -> {
                    seen.set(who);
                    return Optional.empty();
                };
        var config = Authority.Config.usual(directory.resolve("authority"), List.of());
        ImageLayout layout = ImageLayout.create(directory.resolve("store"));
        var store = new BlobStore(layout, InstantSource.system());
        Vertx vertx = Vertx.vertx();
        try (Authority authority = Authority.open(config);
                FarmServer enrolment =
                        FarmServer.start(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                authority,
                                List.of())) {
            BlobServer.Tls farms = BlobServer.Tls.of(authority);
            var no = new AtomicReference<>(Optional.<String>empty());
            Function<X509Certificate, Visitor> visitor =
                    c -> {
                        no.get()
                                .ifPresent(why -> {
                                    throw new RookeryException(Blame.SPEC, why);
                                });
                        return farms.visitor().apply(c);
                    };
            var listen =
                    new BlobServer.Listen(
                            "127.0.0.1",
                            0,
                            NAME,
                            Optional.of(new BlobServer.Tls(farms.key(), farms.trust(), visitor)));
            try (BlobServer plane =
                    BlobServer.start(
                            vertx,
                            listen,
                            store,
                            access,
                            BlobLimits.STANDARD,
                            InstantSource.system())) {
                Identity ada =
                        Join.join(
                                URI.create("https://127.0.0.1:" + enrolment.port()),
                                authority.bootstrapToken().orElseThrow(),
                                "ada",
                                directory.resolve("ada"),
                                InstantSource.system());
                moveBlobs(ada, plane.port(), layout);
                assertThat(seen.get()).isEqualTo(new Visitor(Visitor.Role.ADMIN, "ada"));
                assertThatThrownBy(() -> version(strangers(), plane.port()))
                        .isInstanceOf(IOException.class);
                no.set(Optional.of("the certificate of ada was revoked"));
                var refused = version(ada.sslContext(), plane.port());
                assertThat(refused).startsWith("401 ").contains("UNAUTHORIZED", "was revoked");
            }
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static void moveBlobs(Identity who, int port, ImageLayout farm) throws Exception {
        Path here = farm.root().resolveSibling("here");
        ImageLayout local = ImageLayout.create(here);
        Blob large = local.put(Plane.bytes(1, 2_000_000));
        try (var http = RegistryClient.httpClient(who.sslContext())) {
            var client =
                    new RegistryClient(
                            http,
                            Credentials.NONE,
                            Policy.ALWAYS_TLS,
                            Patience.standard(_ -> {}, new Random(1), InstantSource.system()));
            var repository = Reference.parse("127.0.0.1:" + port + "/" + NAME);
            client.pushBlob(repository, large, local.find(large.digest()).orElseThrow());
            farm.verify(large.digest());
            Blob other = farm.put("made on the farm".getBytes(UTF_8));
            client.fetchBlob(repository, other, local);
            local.verify(other.digest());
        }
    }

    private static String version(SSLContext tls, int port)
            throws IOException, InterruptedException {
        try (var http = RegistryClient.httpClient(tls)) {
            var uri = URI.create("https://127.0.0.1:" + port + "/v2/");
            var answer = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
            return answer.statusCode() + " " + answer.body();
        }
    }

    /// Somebody who believes every server and has no certificate.
    private static SSLContext strangers() throws Exception {
        var context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Credulous()}, null);
        return context;
    }

    private static final class Credulous extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkClientTrusted(
                X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(
                X509Certificate[] chain, String type, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(
                X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(
                X509Certificate[] chain, String type, javax.net.ssl.SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
