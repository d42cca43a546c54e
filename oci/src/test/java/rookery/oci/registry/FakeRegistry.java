package rookery.oci.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import rookery.oci.Digest;

/// A registry on loopback, small and in memory. It writes down what it is asked, and each answer
/// can be replaced by an evil one.
final class FakeRegistry implements AutoCloseable {
    final Map<String, byte[]> blobs = new ConcurrentHashMap<>();
    final Map<String, byte[]> manifests = new ConcurrentHashMap<>();
    final Map<String, String> types = new ConcurrentHashMap<>();

    private final HttpServer server;
    private final String scheme;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, Reply> replies = Collections.synchronizedMap(new TreeMap<>());
    private volatile String authorization = "";
    private volatile String challenge = "";

    record Asked(String method, String path, String query, String authorization) {
        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    interface Reply {
        void to(HttpExchange exchange) throws IOException;
    }

    FakeRegistry() throws IOException {
        this(
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0),
                "http");
    }

    private FakeRegistry(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    static FakeRegistry overTls(SSLContext tls) throws IOException {
        var server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return new FakeRegistry(server, "https");
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return scheme + "://127.0.0.1:" + port();
    }

    Reference repository() {
        return Reference.parse("127.0.0.1:" + port() + "/acme/app");
    }

    /// From now on every request needs this header, or gets this challenge.
    void demand(String header, String with) {
        authorization = header;
        challenge = with;
    }

    /// Replaces the answer to requests like `PUT /v2/acme/app/blobs/uploads/1`; the longest
    /// matching beginning wins.
    void on(String beginning, Reply reply) {
        replies.put(beginning, reply);
    }

    void forget(String beginning) {
        replies.remove(beginning);
    }

    void redirect(String beginning, int status, String location) {
        on(
                beginning,
                exchange -> {
                    exchange.getResponseHeaders().set("Location", location);
                    answer(exchange, status, new byte[0]);
                });
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    List<String> authorizations() {
        return asked().stream().map(Asked::authorization).filter(a -> !a.isEmpty()).toList();
    }

    static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
        }
        exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    static void answer(HttpExchange exchange, int status, String body) throws IOException {
        answer(exchange, status, body.getBytes(StandardCharsets.UTF_8));
    }

    private void handle(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().getPath();
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        String shown = exchange.getRequestHeaders().getFirst("Authorization");
        asked.add(new Asked(method, path, query, shown == null ? "" : shown));
        byte[] body = exchange.getRequestBody().readAllBytes();
        Reply reply = null;
        int longest = 0;
        for (var candidate : List.copyOf(replies.entrySet())) {
            String beginning = candidate.getKey();
            if ((method + " " + path).startsWith(beginning) && beginning.length() > longest) {
                reply = candidate.getValue();
                longest = beginning.length();
            }
        }
        if (reply != null) {
            reply.to(exchange);
        } else if (!authorization.isEmpty() && !authorization.equals(shown)) {
            exchange.getResponseHeaders().set("WWW-Authenticate", challenge);
            answer(exchange, 401, "{\"errors\":[{\"code\":\"UNAUTHORIZED\",\"message\":\"no\"}]}");
        } else {
            behave(exchange, method, path, query, body);
        }
    }

    private void behave(
            HttpExchange exchange, String method, String path, String query, byte[] body)
            throws IOException {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (path.contains("/manifests/")) {
            if (method.equals("PUT")) {
                String type = exchange.getRequestHeaders().getFirst("Content-Type");
                for (String key : List.of(name, Digest.of(body).toString())) {
                    manifests.put(key, body);
                    types.put(key, type);
                }
                answer(exchange, 201, new byte[0]);
            } else {
                give(exchange, manifests.get(name), types.get(name));
            }
        } else if (method.equals("POST")) {
            exchange.getResponseHeaders().set("Location", path + "1?state=a%2Fb");
            answer(exchange, 202, new byte[0]);
        } else if (method.equals("PUT")) {
            String digest = query.substring(query.indexOf("digest=") + 7);
            boolean right =
                    query.startsWith("state=a/b&") && digest.equals(Digest.of(body).toString());
            if (right) {
                blobs.put(digest, body);
            }
            answer(exchange, right ? 201 : 400, new byte[0]);
        } else {
            give(exchange, blobs.get(name), "application/octet-stream");
        }
    }

    private static void give(HttpExchange exchange, byte @Nullable [] bytes, @Nullable String type)
            throws IOException {
        if (bytes == null || type == null) {
            answer(exchange, 404, "{\"errors\":[{\"code\":\"NAME_UNKNOWN\"}]}");
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.getResponseHeaders().set("Docker-Content-Digest", Digest.of(bytes).toString());
        answer(exchange, 200, bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
