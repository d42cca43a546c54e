package rookery.coordinator.dispatch;

import io.grpc.BindableService;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import rookery.model.Limits;
import rookery.v1.AgentState;
import rookery.v1.AgentsGrpc;
import rookery.v1.DesiredState;
import rookery.v1.Order;

/// What no farm can be faster than: a service that takes the same reports over the same streams,
/// commits a row for each as many at once as there are, and answers with an order. It knows no
/// steps, leases, agents or queues.
final class Floor implements AutoCloseable {
    private static final long POLL_MILLIS = 100;

    /// Each commit, rows included.
    final Samples commits = new Samples();

    /// Messages whose rows are on the disk.
    final AtomicLong done = new AtomicLong();

    private record Entry(AgentState message, StreamObserver<DesiredState> answers) {}

    private final BlockingQueue<Entry> queue = new ArrayBlockingQueue<>(Limits.QUEUE);
    private final Connection database;
    private final Order order;
    private final Thread thread;
    private volatile boolean closed;

    /// @param order what it answers with
    Floor(Path file, Order order) throws SQLException {
        this.order = order;
        database = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (var s = database.createStatement()) {
            s.execute("pragma journal_mode = wal");
            s.execute("pragma synchronous = full");
            s.execute("pragma wal_autocheckpoint = 8192");
            s.execute("create table done (agent text, number integer, made blob)");
        }
        database.setAutoCommit(false);
        thread = Thread.ofPlatform().name("floor").start(this::run);
    }

    List<BindableService> services() {
        return List.of(
                new AgentsGrpc.AgentsImplBase() {
                    @Override
                    public StreamObserver<AgentState> sync(StreamObserver<DesiredState> answers) {
                        return new Reader(answers);
                    }
                });
    }

    private final class Reader implements StreamObserver<AgentState> {
        private final StreamObserver<DesiredState> answers;

        Reader(StreamObserver<DesiredState> answers) {
            this.answers = answers;
            // A cancelled stream would throw at its next answer.
            if (answers instanceof io.grpc.stub.ServerCallStreamObserver<DesiredState> call)
                call.setOnCancelHandler(() -> {});
        }

        @Override
        public void onNext(AgentState message) {
            if (!queue.offer(new Entry(message, answers)))
                throw new IllegalStateException("more messages than may be outstanding");
        }

        @Override
        public void onError(Throwable error) {}

        @Override
        public void onCompleted() {
            answers.onCompleted();
        }
    }

    private void run() {
        var batch = new ArrayList<Entry>();
        try (PreparedStatement put =
                database.prepareStatement("insert into done values (?, ?, ?)")) {
            while (!closed) {
                Entry first = queue.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
                if (first == null) continue;
                batch.add(first);
                queue.drainTo(batch, Limits.BATCH - 1);
                long began = System.nanoTime();
                for (Entry entry : batch) {
                    put.setString(1, entry.message.getAgent());
                    put.setLong(2, entry.message.getNumber());
                    put.setBytes(3, entry.message.getDoing(0).toByteArray());
                    put.addBatch();
                }
                put.executeBatch();
                database.commit();
                commits.add(System.nanoTime() - began);
                done.addAndGet(batch.size());
                for (Entry entry : batch)
                    entry.answers.onNext(
                            DesiredState.newBuilder()
                                    .setNumber(entry.message.getNumber())
                                    .addOrders(order)
                                    .build());
                batch.clear();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the floor's database failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws SQLException {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        database.close();
    }
}
