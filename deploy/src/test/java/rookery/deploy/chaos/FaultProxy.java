package rookery.deploy.chaos;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Stands between one agent and the coordinator's gRPC: passes bytes on, late if it is told to;
/// swallows them; cuts connections in the midst of a message. It cannot look into TLS.
final class FaultProxy {
    private static final int MOST_PENDING = 4 << 20;

    private final Vertx vertx;
    private final NetClient client;
    private final NetServer server;
    private final int target;
    private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
    private volatile long delayMs;
    private volatile boolean swallows;

    private FaultProxy(Vertx vertx, int target, String listen) {
        this.vertx = vertx;
        this.target = target;
        this.client = vertx.createNetClient();
        this.server =
                vertx.createNetServer().connectHandler(this::accepted).listen(0, listen).await();
    }

    static FaultProxy start(Vertx vertx, int target, String listen) {
        return new FaultProxy(vertx, target, listen);
    }

    int port() {
        return server.actualPort();
    }

    /// 0 ends it.
    void delay(long ms) {
        delayMs = ms;
    }

    /// A partition for those without namespaces.
    void swallow(boolean all) {
        swallows = all;
        // What was swallowed would be missing in the midst of a TLS record.
        if (!all) cut();
    }

    void cut() {
        for (NetSocket socket : open) {
            var _ = socket.close();
        }
    }

    private void accepted(NetSocket from) {
        from.pause();
        open.add(from);
        from.exceptionHandler(_ -> {});
        from.closeHandler(_ -> open.remove(from));
        var _ =
                client.connect(target, "127.0.0.1")
                        .onFailure(_ -> from.close())
                        .onSuccess(to -> {
                            to.exceptionHandler(_ -> {});
                            pipe(from, to);
                            pipe(to, from);
                            from.closeHandler(_ -> {
                                open.remove(from);
                                var _ = to.close();
                            });
                            to.closeHandler(_ -> {
                                var _ = from.close();
                            });
                            from.resume();
                        });
    }

    private void pipe(NetSocket from, NetSocket to) {
        var line = new Line(to);
        from.handler(line::pass);
    }

    /// One direction: what is late holds up what comes after it.
    private final class Line {
        private final NetSocket to;
        private long freeAt;
        private long pending;

        Line(NetSocket to) {
            this.to = to;
        }

        void pass(Buffer bytes) {
            if (swallows) return;
            long now = System.nanoTime() / 1_000_000;
            long at = Math.max(freeAt, now + delayMs);
            if (at <= now && pending == 0) {
                var _ = to.write(bytes);
                return;
            }
            freeAt = at;
            pending += bytes.length();
            if (pending > MOST_PENDING) {
                var _ = to.close();
                return;
            }
            vertx.setTimer(
                    Math.max(1, at - now),
                    _ -> {
                        pending -= bytes.length();
                        var _ = to.write(bytes);
                    });
        }
    }
}
