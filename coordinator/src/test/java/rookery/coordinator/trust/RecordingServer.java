package rookery.coordinator.trust;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/// Shakes hands, counts what it is told, hangs up.
final class RecordingServer implements AutoCloseable {
    private final SSLServerSocket socket;
    private final AtomicLong heard = new AtomicLong();

    RecordingServer(SSLContext context) throws IOException {
        socket =
                (SSLServerSocket)
                        context.getServerSocketFactory()
                                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        Thread.ofVirtual().start(this::serve);
    }

    URI uri() {
        return URI.create("https://127.0.0.1:" + socket.getLocalPort());
    }

    private void serve() {
        while (!socket.isClosed()) {
            try (var peer = (SSLSocket) socket.accept()) {
                peer.startHandshake();
                heard.addAndGet(peer.getInputStream().readNBytes(1).length);
            } catch (IOException _) {
                // a handshake that the other side broke off; or closed
            }
        }
    }

    long heard() {
        return heard.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
