package rookery.coordinator.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The answer to one request, with the headers that every answer has: nothing from elsewhere is
/// loaded, nothing inline is run, nobody frames it, no type is guessed, no other site reads it.
final class Answer {
    private static final String POLICY =
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    /// A reader of a log that takes nothing for so long has gone.
    private static final int PATIENCE_SECONDS = 60;

    private final HttpServerRequest request;
    private final HttpServerResponse response;

    Answer(HttpServerRequest request) {
        this.request = request;
        this.response = request.response();
        // Whoever left before the end of the answer is no news.
        response.exceptionHandler(_ -> {});
        response.putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("X-Frame-Options", "DENY")
                // Not no-referrer: a form's Origin would be null with it.
                .putHeader("Referrer-Policy", "same-origin")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin")
                .putHeader("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
                .putHeader("Cache-Control", "no-store");
    }

    HttpServerResponse response() {
        return response;
    }

    String path() {
        return String.valueOf(request.path());
    }

    /// Whether there is nobody left to answer, or the answer has begun.
    boolean isGone() {
        return response.headWritten() || response.closed();
    }

    void send(int status, String type, String body) {
        if (isGone()) return;
        response.setStatusCode(status).putHeader("Content-Type", type);
        var _ = response.end(body);
    }

    void asset(Assets.Asset asset) {
        String tag = '"' + asset.version() + '"';
        response.putHeader("Cache-Control", "public, max-age=31536000, immutable")
                .putHeader("ETag", tag)
                .putHeader("Content-Type", asset.type());
        if (tag.equals(request.getHeader("If-None-Match"))) {
            response.setStatusCode(304);
            var _ = response.end();
        } else {
            var _ = response.end(asset.content());
        }
    }

    void redirect(String path) {
        response.setStatusCode(303).putHeader("Location", path);
        var _ = response.end();
    }

    void beginLog(long size) {
        response.putHeader("Content-Type", "text/plain; charset=utf-8")
                .putHeader("Content-Length", Long.toString(size));
    }

    /// Blocks until the bytes are on their way.
    void writeAndWait(byte[] bytes) {
        if (HttpMethod.HEAD.equals(request.method())) return;
        try {
            response.write(Buffer.buffer(bytes)).await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            var _ = request.connection().close();
            throw new IllegalStateException("a reader of " + path() + " takes nothing", e);
        }
    }

    void writeNow(byte[] bytes) {
        var _ = response.write(Buffer.buffer(bytes));
    }

    void beginStream() {
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream; charset=utf-8")
                .putHeader("X-Accel-Buffering", "no");
        var _ = response.write("retry: 2000\n\n");
    }

    void onClose(Runnable then) {
        response.closeHandler(_ -> then.run());
        response.endHandler(_ -> then.run());
    }

    void end() {
        var _ = response.end();
    }

    LiveClient.Wire wire() {
        return new LiveClient.Wire() {
            @Override
            public boolean full() {
                return response.writeQueueFull();
            }

            @Override
            public void send(String text) {
                var _ = response.write(text);
            }

            @Override
            public void end() {
                var _ = response.end();
            }
        };
    }
}
