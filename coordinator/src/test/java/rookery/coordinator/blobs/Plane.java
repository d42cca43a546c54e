package rookery.coordinator.blobs;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import rookery.oci.Digest;
import rookery.oci.layout.ImageLayout;

/// A blob server on loopback and a client that says exactly what it is told to.
final class Plane implements AutoCloseable {
    static final String NAME = "rookery/farm";

    final ImageLayout layout;
    final BlobStore store;
    final Path root;
    final HttpClient http = HttpClient.newHttpClient();
    private final Vertx vertx = Vertx.vertx();
    private final BlobLimits limits;
    private final Access access;
    private BlobServer server;

    Plane(Path root) throws IOException {
        this(root, BlobLimits.STANDARD, Access.OPEN);
    }

    Plane(Path root, BlobLimits limits, Access access) throws IOException {
        this.root = root;
        this.limits = limits;
        this.access = access;
        this.layout = ImageLayout.create(root);
        this.store = new BlobStore(layout, InstantSource.system());
        this.server = serve(0);
    }

    private BlobServer serve(int port) throws IOException {
        var listen = new BlobServer.Listen("127.0.0.1", port, NAME, Optional.empty());
        return BlobServer.start(vertx, listen, store, access, limits, InstantSource.system());
    }

    /// As when the coordinator is started again.
    void restart() throws IOException {
        int port = server.port();
        server.close();
        server = serve(port);
    }

    int port() {
        return server.port();
    }

    static byte[] bytes(int seed, int count) {
        var bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    HttpResponse<byte[]> ask(String method, String path, byte[] body, String... headers)
            throws IOException, InterruptedException {
        var uri = path.startsWith("/v2") ? path : "/v2/" + NAME + "/blobs/" + path;
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + uri))
                        .version(HttpClient.Version.HTTP_1_1)
                        .method(
                                method,
                                body.length == 0
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofByteArray(body));
        if (headers.length > 0) request.headers(headers);
        return http.send(request.build(), BodyHandlers.ofByteArray());
    }

    HttpResponse<byte[]> ask(String method, String path) throws IOException, InterruptedException {
        return ask(method, path, new byte[0]);
    }

    /// Opens an upload; its location.
    String begin() throws IOException, InterruptedException {
        return ask("POST", "uploads/").headers().firstValue("Location").orElseThrow();
    }

    void put(byte[] bytes) throws IOException, InterruptedException {
        int status = ask("PUT", begin() + "?digest=" + Digest.of(bytes), bytes).statusCode();
        if (status != 201) throw new IOException("the upload ended with " + status);
    }

    /// Sends a request whose body breaks off, and waits until the server has noticed.
    void cut(String method, String path, byte[] all, int from, int count) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            OutputStream out = socket.getOutputStream();
            String head =
                    method
                            + " "
                            + path
                            + " HTTP/1.1\r\nHost: here\r\nContent-Length: "
                            + (all.length - from)
                            + "\r\n\r\n";
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(all, from, count);
            out.flush();
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        }
    }

    /// How many bytes of an upload have come.
    int came(String location) throws IOException, InterruptedException {
        var answer = ask("GET", location);
        if (answer.statusCode() != 204) throw new IOException("status " + answer.statusCode());
        return answer.headers()
                .firstValue("Range")
                .map(r -> Integer.parseInt(r.substring(2)) + 1)
                .orElse(0);
    }

    /// Changes one bit of a stored blob, as a bad disk does: no time changes with it.
    void damage(Digest digest, int at) throws IOException {
        Path file = layout.find(digest).orElseThrow();
        var time = Files.getLastModifiedTime(file);
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
        Files.setLastModifiedTime(file, time);
    }

    /// Files below the store that are no blobs.
    List<String> leftovers() throws IOException {
        var names = new ArrayList<String>();
        Path incoming = root.resolve(".incoming");
        if (Files.isDirectory(incoming)) {
            try (var files = Files.newDirectoryStream(incoming)) {
                files.forEach(f -> names.add(String.valueOf(f.getFileName())));
            }
        }
        return names;
    }

    @Override
    public void close() throws IOException {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        http.close();
    }
}
