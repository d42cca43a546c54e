package rookery.deploy.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/// One agent with its network, its proxy and its disk, and that there is always one.
final class Seat implements Ending {
    private static final int START_SECONDS = 90;
    private static final int MOST_PASSES = 25;

    private final Path dir;
    private final String name;
    private final Net net;
    private final FaultProxy proxy;
    private final SmallDisk disk;
    private final Tally tally;
    private final AtomicBoolean armed;
    private final String token;
    private final Random random = new Random();
    private final Keeper keeper;
    private boolean isParted;

    Seat(
            Path dir,
            String name,
            Net net,
            FaultProxy proxy,
            SmallDisk disk,
            String token,
            Tally tally,
            AtomicBoolean armed)
            throws IOException {
        this.dir = dir;
        this.name = name;
        this.net = net;
        this.proxy = proxy;
        this.disk = disk;
        this.token = token;
        this.tally = tally;
        this.armed = armed;
        this.keeper = new Keeper(this::start, this::ended);
    }

    private Child start() throws IOException {
        boolean deadly = armed.get() && random.nextInt(4) > 0;
        String[] points = Failpoints.AGENT;
        Arguments told =
                new Arguments(new TreeMap<>())
                        .with("join", "https://" + net.address() + ":" + proxy.port())
                        .with("token", token)
                        .with("name", name)
                        .with("identity", dir.resolve(name + ".identity"))
                        .with("cache", disk.root().resolve("cache"))
                        .with("die", deadly ? points[random.nextInt(points.length)] : "")
                        .with("passes", random.nextInt(1 + random.nextInt(MOST_PASSES)))
                        .with("deaths", dir.resolve("agents.deaths"));
        return Child.start(net.prefix(), ChaosAgent.class, told, errors());
    }

    private void ended(int status) {
        if (Keeper.wasKilled(status)) tally.count(Tally.AGENT_KILLS);
        else tally.count("agent ended by itself, status " + status);
    }

    /// Its first start needs its token, so nothing may fail before it has joined.
    void awaitJoined() throws IOException, InterruptedException {
        try {
            var _ = keeper.child().serving().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException(name + " did not join; see " + errors(), e);
        }
    }

    /// Parts it from the farm, or joins it again.
    synchronized void part(boolean apart) throws IOException, InterruptedException {
        if (apart == isParted) return;
        isParted = apart;
        if (!net.isOwn()) proxy.swallow(apart);
        else if (apart) net.part();
        else net.join();
    }

    String name() {
        return name;
    }

    Path errors() {
        return dir.resolve(name + ".err");
    }

    FaultProxy proxy() {
        return proxy;
    }

    SmallDisk disk() {
        return disk;
    }

    Child child() {
        return keeper.child();
    }

    @Override
    public void end() throws InterruptedException {
        keeper.end();
    }
}
