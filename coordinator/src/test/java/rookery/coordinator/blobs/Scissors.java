package rookery.coordinator.blobs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// A proxy that cuts every connection after so many bytes towards the server.
final class Scissors implements AutoCloseable {
    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger cuts = new AtomicInteger();
    private final AtomicLong up = new AtomicLong();
    private final int port;
    private final long most;

    Scissors(int port, long most) throws IOException {
        this.port = port;
        this.most = most;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    int cuts() {
        return cuts.get();
    }

    long bytesUp() {
        return up.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                threads.execute(() -> pass(client, server, most));
                threads.execute(() -> pass(server, client, Long.MAX_VALUE));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void pass(Socket from, Socket to, long limit) {
        var buffer = new byte[16 << 10];
        long passed = 0;
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n; (n = in.read(buffer)) >= 0; ) {
                out.write(buffer, 0, n);
                passed += n;
                if (limit != Long.MAX_VALUE) up.addAndGet(n);
                if (passed >= limit) {
                    cuts.incrementAndGet();
                    return;
                }
            }
        } catch (IOException _) {
            // the other direction was cut
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        threads.shutdownNow();
        threads.close();
    }
}
