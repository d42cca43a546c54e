package rookery.oci.registry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import rookery.oci.Printable;

/// One request and its answer, bounded in bytes and in time. No redirects, no logins, no retries:
/// those are decisions, made by the callers.
final class Http {
    /// For everything but blobs.
    static final int MAX_BODY_BYTES = 4 * 1024 * 1024;

    private static final Duration SMALL_REQUEST = Duration.ofSeconds(60);

    /// A slower line than this counts as none.
    private static final long LEAST_BYTES_PER_SECOND = 32 * 1024;

    private final HttpClient client;

    /// What is sent. `doing` names it in messages: "push of sha256:… to ghcr.io/acme/app".
    record Request(String doing, String method, URI uri, Map<String, String> headers, Body body) {
        Request to(URI other) {
            return new Request(doing, method, other, headers, body);
        }

        Request with(String header, String value) {
            var more = new LinkedHashMap<>(headers);
            more.put(header, value);
            return new Request(doing, method, uri, more, body);
        }
    }

    /// Makes a publisher for each try, since a body may be sent more than once.
    record Body(long sizeBytes, Source source) {
        static final Body NONE = new Body(0, BodyPublishers::noBody);

        interface Source {
            BodyPublisher open() throws IOException;
        }

        static Body of(byte[] bytes) {
            return new Body(bytes.length, () -> BodyPublishers.ofByteArray(bytes));
        }
    }

    /// Not a record, as those must not hold arrays. The body is empty where it went into a stream.
    static final class Answer {
        private final int status;
        private final HttpHeaders headers;
        private final byte[] body;

        private Answer(int status, HttpHeaders headers, byte[] body) {
            this.status = status;
            this.headers = headers;
            this.body = body;
        }

        int status() {
            return status;
        }

        byte[] body() {
            return body;
        }

        List<String> all(String header) {
            return headers.allValues(header);
        }

        Optional<String> header(String name) {
            return headers.firstValue(name);
        }
    }

    Http(HttpClient client) {
        if (client.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException("the HTTP client must not follow redirects itself");
        }
        this.client = client;
    }

    Answer send(Request request) throws IOException, InterruptedException {
        return send(request, new Sink(MAX_BODY_BYTES, OutputStream.nullOutputStream(), 0));
    }

    /// Lets a good answer's body of at most so many bytes go into a stream.
    Answer send(Request request, OutputStream into, long maxBytes)
            throws IOException, InterruptedException {
        return send(request, new Sink(MAX_BODY_BYTES, into, maxBytes));
    }

    private Answer send(Request request, Sink sink) throws IOException, InterruptedException {
        long bytes = request.body().sizeBytes() + sink.maxGoodBytes;
        Duration patience = SMALL_REQUEST.plusSeconds(bytes / LEAST_BYTES_PER_SECOND);
        var builder =
                HttpRequest.newBuilder(request.uri())
                        .timeout(patience)
                        .header("User-Agent", "rookery")
                        .method(request.method(), request.body().source().open());
        request.headers().forEach(builder::setHeader);
        var future = client.sendAsync(builder.build(), sink);
        try {
            // The client's own timeout ends with the headers; this one includes the body.
            var response = future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), response.headers(), sink.buffer.toByteArray());
        } catch (ExecutionException e) {
            throw failed(request, sink, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw failed(request, sink, e);
        } finally {
            future.cancel(true);
        }
    }

    private static IOException failed(Request request, Sink sink, Throwable cause) {
        IOException ours = sink.failure;
        if (ours != null) {
            return ours; // the disk, not the network
        }
        if (sink.overflowed) {
            return new RegistryException(
                    RegistryException.Kind.BROKEN,
                    request.doing() + ": the answer is longer than it may be; it was cut off");
        }
        return unreachable(request, cause);
    }

    /// Takes a body as it comes and ends the exchange when there is too much of it.
    private static final class Sink implements BodyHandler<Void> {
        private final ByteArrayOutputStream buffer = new ByteArrayOutputStream();
        private final long maxBufferBytes;
        private final OutputStream good;
        private final long maxGoodBytes;
        private volatile @Nullable IOException failure;
        private volatile boolean overflowed;

        Sink(long maxBufferBytes, OutputStream good, long maxGoodBytes) {
            this.maxBufferBytes = maxBufferBytes;
            this.good = good;
            this.maxGoodBytes = maxGoodBytes;
        }

        @Override
        public BodySubscriber<Void> apply(ResponseInfo info) {
            boolean toStream = info.statusCode() == 200 && maxGoodBytes > 0;
            var left = new AtomicLong(toStream ? maxGoodBytes : maxBufferBytes);
            OutputStream out = toStream ? good : buffer;
            return BodySubscribers.ofByteArrayConsumer(piece -> {
                if (piece.isPresent()) {
                    take(piece.get(), out, left);
                }
            });
        }

        private void take(byte[] bytes, OutputStream out, AtomicLong left) {
            if (left.addAndGet(-bytes.length) < 0) {
                overflowed = true;
                throw new UncheckedIOException(new IOException("too long"));
            }
            try {
                out.write(bytes);
            } catch (IOException e) {
                failure = e;
                throw new UncheckedIOException(e);
            }
        }
    }

    private static IOException unreachable(Request request, Throwable cause) {
        String host = Origin.of(request.uri()).toString();
        String what = cause.getClass().getSimpleName();
        String said = cause.getMessage() == null ? "" : ": " + Printable.clip(cause.getMessage());
        return RegistryException.passing(
                request.doing()
                        + ": no answer from "
                        + host
                        + " ("
                        + what
                        + said
                        + "); check the network, the name and the certificate",
                cause,
                Optional.empty());
    }
}
