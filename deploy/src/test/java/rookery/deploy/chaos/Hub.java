package rookery.deploy.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The coordinator, and that there is always one.
final class Hub implements Ending {
    private static final int START_SECONDS = 60;
    private static final int MOST_PASSES = 40;

    private final Path dir;
    private final SmallDisk disk;
    private final String listen;
    private final List<String> hosts;
    private final int leaseSeconds;
    private final Tally tally;
    private final Runnable whenServing;
    private final AtomicBoolean armed;
    private final AtomicInteger disturbed = new AtomicInteger();
    private final Random random = new Random();
    private final Keeper keeper;
    private final String token;
    private volatile int grpc;
    private volatile int blobs;
    private volatile boolean isDeadly;

    Hub(
            Path dir,
            SmallDisk disk,
            List<String> hosts,
            int leaseSeconds,
            Tally tally,
            AtomicBoolean armed,
            Runnable whenServing)
            throws IOException, InterruptedException {
        this.dir = dir;
        this.disk = disk;
        this.hosts = hosts;
        this.listen = hosts.size() > 1 ? "0.0.0.0" : "127.0.0.1";
        this.leaseSeconds = leaseSeconds;
        this.tally = tally;
        this.armed = armed;
        this.whenServing = whenServing;
        this.keeper = new Keeper(this::start, this::ended);
        String[] said = first().split(" ", -1);
        this.grpc = Integer.parseInt(said[1]);
        this.blobs = Integer.parseInt(said[2]);
        this.token = said[3];
    }

    private String first() throws IOException, InterruptedException {
        try {
            return keeper.child().serving().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            keeper.end();
            throw new IOException("the coordinator did not start; see " + errors(), e);
        }
    }

    private Child start() throws IOException {
        boolean deadly = armed.get() && random.nextInt(4) > 0;
        isDeadly = deadly;
        String[] points = Failpoints.COORDINATOR;
        Arguments told =
                new Arguments(new TreeMap<>())
                        .with("state", disk.root().resolve("state"))
                        .with("listen", listen)
                        .with("grpc", grpc)
                        .with("blobs", blobs)
                        .with("hosts", String.join(",", hosts))
                        .with("lease", leaseSeconds)
                        .with("die", deadly ? points[random.nextInt(points.length)] : "")
                        .with("passes", random.nextInt(1 + random.nextInt(MOST_PASSES)))
                        .with("deaths", dir.resolve("coordinator.deaths"));
        int calm = disturbed.get();
        long from = System.nanoTime();
        Child child = Child.start(List.of(), ChaosCoordinator.class, told, errors());
        var _ =
                child.serving()
                        .thenRun(() -> {
                            Duration took = Duration.ofNanos(System.nanoTime() - from);
                            if (grpc > 0 && calm == disturbed.get()) tally.started(took);
                            whenServing.run();
                        });
        return child;
    }

    private void ended(int status) {
        if (Keeper.wasKilled(status)) tally.count(Tally.COORDINATOR_KILLS);
        else tally.count("coordinator ended by itself, status " + status);
    }

    Path errors() {
        return dir.resolve("coordinator.err");
    }

    Path state() {
        return disk.root().resolve("state");
    }

    SmallDisk disk() {
        return disk;
    }

    /// Whether the present one will most likely kill itself.
    boolean isDeadly() {
        return isDeadly;
    }

    /// How many changes of steps were saved so far.
    long changes() {
        try {
            return Ledger.count(state().resolve("farm.db"));
        } catch (SQLException e) {
            return 0; // its disk is full: nobody knows
        }
    }

    /// From here on, and once more when it is over: a start meanwhile is not measured.
    void disturb() {
        disturbed.incrementAndGet();
    }

    int grpc() {
        return grpc;
    }

    int blobs() {
        return blobs;
    }

    /// The first admin's.
    String token() {
        return token;
    }

    @Nullable Child serving() {
        Child child = keeper.child();
        return child.isServing() ? child : null;
    }

    @Override
    public void end() throws InterruptedException {
        keeper.end();
    }
}
