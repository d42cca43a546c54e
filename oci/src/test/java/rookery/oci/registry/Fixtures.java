package rookery.oci.registry;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import rookery.oci.Blob;
import rookery.oci.Descriptor;
import rookery.oci.ImageConfig;
import rookery.oci.Index;
import rookery.oci.Manifest;
import rookery.oci.MediaType;
import rookery.oci.Platform;
import rookery.oci.json.OciJson;
import rookery.oci.layout.ImageLayout;
import rookery.oci.layout.Layers;
import rookery.oci.registry.Credentials.Login;

/// What the tests of this package share.
final class Fixtures {
    static final String SECRET = "s3cr3t-Pa55";
    static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    static final Credentials LOGIN = _ -> Optional.of(new Login.Password("me", SECRET, "a test"));

    /// How long the client would have slept.
    static final class Sleeps implements Patience.Sleeper {
        final List<Duration> all = Collections.synchronizedList(new ArrayList<>());

        @Override
        public void sleep(Duration time) {
            all.add(time);
        }
    }

    private Fixtures() {}

    static RegistryClient client(HttpClient http, Credentials credentials) {
        return client(http, credentials, Policy.STANDARD, new Sleeps());
    }

    static RegistryClient client(
            HttpClient http, Credentials credentials, Policy policy, Sleeps sleeps) {
        return new RegistryClient(
                http, credentials, policy, Patience.standard(sleeps, new Random(1), () -> NOW));
    }

    /// An image for these platforms: one layer and one config each.
    static Blob image(ImageLayout layout, String... platforms) throws IOException {
        var manifests = new ArrayList<Descriptor>();
        for (String platform : platforms) {
            var layer =
                    Layers.put(
                            layout,
                            Instant.EPOCH,
                            tar ->
                                    tar.file(
                                            "app",
                                            0755,
                                            platform.getBytes(StandardCharsets.UTF_8)));
            var config =
                    ImageConfig.of(
                            Platform.parse(platform), List.of("/app"), List.of(layer.diffId()));
            Blob stored = layout.put(OciJson.write(config));
            var manifest =
                    Manifest.of(
                            stored.as(MediaType.CONFIG),
                            List.of(layer.blob().as(MediaType.LAYER_GZIP)));
            manifests.add(
                    layout.put(OciJson.write(manifest))
                            .as(MediaType.MANIFEST)
                            .on(Platform.parse(platform)));
        }
        return layout.put(OciJson.write(Index.of(manifests)));
    }

    /// A certificate for 127.0.0.1 that this context both shows and trusts.
    static SSLContext selfSigned(Path dir)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = dir.resolve("keys.p12");
        var keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "test",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=127.0.0.1",
                                "-ext",
                                "SAN=IP:127.0.0.1",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                "changeit")
                        .redirectErrorStream(true)
                        .redirectOutput(dir.resolve("keytool.log").toFile())
                        .start();
        if (keytool.waitFor() != 0) {
            throw new IOException(Files.readString(dir.resolve("keytool.log")));
        }
        var keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "changeit".toCharArray());
        }
        var show = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        show.init(keys, "changeit".toCharArray());
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        var context = SSLContext.getInstance("TLS");
        context.init(show.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
