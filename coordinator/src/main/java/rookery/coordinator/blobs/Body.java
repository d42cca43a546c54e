package rookery.coordinator.blobs;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A request's body on its way from the event loop to the thread that takes it in. At most
/// [#WINDOW] pieces are under way; the connection is not read any further until one of them was
/// taken.
///
/// ```
/// held --take()--> flowing --next()--> … --> ended | broken
/// ```
final class Body {
    private static final int WINDOW = 8;

    /// What of an unwanted body is read and thrown away, so that its sender hears why.
    private static final long UNWANTED_BYTES = 1 << 20;

    private sealed interface Piece {
        record Bytes(Buffer bytes) implements Piece {}

        record End() implements Piece {}

        record Broken(Throwable cause) implements Piece {}
    }

    private final HttpServerRequest request;
    private final Context loop;
    private final Duration idle;

    /// Holds no more than the window, what was inside Vert.x at the end, and the end.
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();

    private boolean flows;
    private boolean ended;

    /// On the event loop, before anything of the body can have come.
    Body(HttpServerRequest request, Context loop, Duration idle) {
        this.request = request;
        this.loop = loop;
        this.idle = idle;
        request.pause();
        request.handler(b -> pieces.add(new Piece.Bytes(b)));
        request.endHandler(_ -> pieces.add(new Piece.End()));
        request.exceptionHandler(this::broke);
    }

    /// What had arrived when the connection broke is still taken: its sender goes on after it. The
    /// pieces that lie inside Vert.x come out by turns of the event loop, each after the one that
    /// asked for it, so the break takes its place in the queue two turns later. Were it too early,
    /// no more than these pieces would be sent again.
    private void broke(Throwable cause) {
        request.fetch(Long.MAX_VALUE);
        loop.runOnContext(_ -> loop.runOnContext(_ -> pieces.add(new Piece.Broken(cause))));
    }

    /// Lets the body come.
    void take() throws IOException, InterruptedException {
        if (flows) return;
        flows = true;
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect")))
            await(request.response().writeContinue(), idle);
        request.fetch(WINDOW);
    }

    /// The next piece; none at the end.
    ///
    /// @throws IOException when the connection broke, or was silent for too long
    Optional<byte[]> next() throws IOException, InterruptedException {
        if (ended) return Optional.empty();
        Piece piece = pieces.poll(idle.toMillis(), TimeUnit.MILLISECONDS);
        if (piece == null) throw new IOException("the body stopped coming");
        return switch (piece) {
            case Piece.Bytes(Buffer bytes) -> {
                request.fetch(1);
                yield Optional.of(bytes.getBytes());
            }
            case Piece.End _ -> {
                ended = true;
                yield Optional.empty();
            }
            case Piece.Broken(Throwable cause) ->
                    throw new IOException("the connection broke: " + cause.getMessage(), cause);
        };
    }

    /// Reads what is left if it is little; whether nothing is left.
    boolean discard() throws InterruptedException {
        try {
            if (!flows && request.getHeader("Expect") != null) return false;
            take();
            long read = 0;
            while (read <= UNWANTED_BYTES) {
                Optional<byte[]> piece = next();
                if (piece.isEmpty()) return true;
                read += piece.get().length;
            }
        } catch (IOException _) {
            return false; // gone; nobody is left to be told
        }
        return false;
    }

    /// Waits for what the event loop does.
    static <T> T await(Future<T> future, Duration atMost) throws IOException, InterruptedException {
        try {
            return future.toCompletionStage()
                    .toCompletableFuture()
                    .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException("the connection broke: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IOException("nothing was taken for " + atMost, e);
        }
    }
}
