package rookery.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static rookery.deploy.Answers.items;
import static rookery.deploy.Answers.text;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.oci.Digest;
import rookery.oci.Manifest;
import rookery.oci.MediaType;
import rookery.oci.archive.Extractor;
import rookery.oci.archive.Limits;
import rookery.oci.json.OciJson;
import rookery.oci.layout.ImageLayout;

/// The curl example's image, unpacked, as the whole root of a container: it trusts a server only if
/// the image brings the bundle of certificate authorities.
class HttpsFromScratchTest {
    private static final char[] PASSWORD = "rookery".toCharArray();

    @TempDir Path dir;

    @Test
    void aServerIsTrustedFromScratchOnlyWithABundleInTheImage() throws Exception {
        KeyStore keys = selfSigned();
        HttpsServer server = serve(keys);
        try {
            String url = "https://127.0.0.1:" + server.getAddress().getPort() + "/";
            Path root = image(pem(keys));
            var trusting = fromScratch(root, url);
            assertThat(trusting.exit()).as(trusting.err()).isZero();
            assertThat(trusting.out()).contains("status 200").contains("eggs");
            Files.delete(root.resolve("etc/ssl/certs/ca-certificates.crt"));
            var lost = fromScratch(root, url);
            assertThat(lost.exit()).isEqualTo(1);
            assertThat(lost.err()).containsIgnoringCase("cert");
        } finally {
            server.stop(0);
        }
    }

    /// Builds the example for this machine with our certificate as its bundle, and unpacks its
    /// layer.
    private Path image(String bundle) throws Exception {
        Path project = Rookery.copy(Rookery.example("curl"), dir.resolve("curl"));
        Files.writeString(project.resolve("ca.pem"), bundle);
        Path spec = project.resolve("rookery.yaml");
        Files.writeString(
                spec,
                Files.readString(spec)
                        .replace(
                                "include: [ca-certificates]",
                                "include: [{path: ca.pem, to: /etc/ssl/certs/ca-certificates.crt}]"));
        var said =
                Rookery.with(dir.resolve("state"))
                        .run(
                                project,
                                "build",
                                "--platform",
                                "linux/amd64",
                                "--output",
                                "json",
                                "--progress",
                                "plain");
        assertThat(said.exit()).as(said.err()).isZero();
        var image = items(said.json(), "images").getFirst();
        var layout = ImageLayout.open(project.resolve(text(image, "path")));
        Digest layer =
                manifest(layout, Digest.parse(text(image, "index"))).layers().getFirst().digest();
        Path root = Files.createDirectories(dir.resolve("root"));
        try (InputStream in = layout.open(layer)) {
            Extractor.extract(in, root, Limits.ORDINARY);
        }
        return root;
    }

    private static Manifest manifest(ImageLayout layout, Digest index) throws IOException {
        var first =
                OciJson.read(layout.read(index, 1 << 20), MediaType.INDEX).children().getFirst();
        return (Manifest) OciJson.read(layout.read(first.digest(), 1 << 20), MediaType.MANIFEST);
    }

    /// Only the network is shared; the root is the image and nothing else.
    private Rookery.Said fromScratch(Path root, String url) throws Exception {
        return Rookery.process(
                dir,
                "bwrap",
                "--unshare-all",
                "--share-net",
                "--die-with-parent",
                "--clearenv",
                "--ro-bind",
                root.toString(),
                "/",
                "--",
                "/curl-version",
                url);
    }

    private KeyStore selfSigned() throws Exception {
        Path store = dir.resolve("keys.p12");
        var said =
                Rookery.process(
                        dir,
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        "nest",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=nest",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-ext",
                        "bc=ca:true",
                        "-validity",
                        "30",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "rookery",
                        "-keystore",
                        store.toString());
        assertThat(said.exit()).as(said.out() + said.err()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        return keys;
    }

    private static String pem(KeyStore keys) throws Exception {
        byte[] der = keys.getCertificate("nest").getEncoded();
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END CERTIFICATE-----\n";
    }

    private static HttpsServer serve(KeyStore keys) throws Exception {
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(managers.getKeyManagers(), null, null);
        HttpsServer server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        server.createContext(
                "/",
                exchange -> {
                    byte[] body = "eggs\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        return server;
    }
}
