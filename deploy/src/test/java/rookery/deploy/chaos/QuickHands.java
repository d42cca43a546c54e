package rookery.deploy.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import rookery.agent.Hands;
import rookery.agent.artifacts.Blobs;
import rookery.agent.exec.LogSink;
import rookery.model.AgentFacts;
import rookery.model.Failure;
import rookery.model.Order;
import rookery.model.Outcome;
import rookery.model.RookeryException;
import rookery.model.Work;
import rookery.oci.Blob;
import rookery.oci.Digest;
import rookery.oci.Platform;

/// Hands that don't build: what they make follows from the order alone, so that the judge knows
/// what it must be, and they are done at once. Inputs are fetched and results uploaded as real
/// ones.
final class QuickHands implements Hands {
    static final int LINES = 120;

    /// The note that says under which lease a result was made.
    static final String LEASE = "lease";

    private static final int LONGEST_MS = 400;

    private final Blobs blobs;
    private final AgentFacts facts;
    private final Random random = new Random();

    QuickHands(Blobs blobs, AgentFacts facts) {
        this.blobs = blobs;
        this.facts = facts;
    }

    @Override
    public AgentFacts facts() {
        return facts;
    }

    /// What every program of this source must be.
    static byte[] program(Platform platform, Digest source) {
        return TinyElf.of(platform, "built from " + source + " for " + platform);
    }

    /// What every accepted step must have logged.
    static String log(String step, long lease) {
        var all = new StringBuilder();
        for (int n = 1; n <= LINES; n++) all.append(line(step, lease, n));
        return all.toString();
    }

    private static String line(String step, long lease, int n) {
        return "line " + n + " of " + LINES + " of " + step + " by " + lease + "\n";
    }

    @Override
    public Outcome run(Order order, Consumer<String> phase, LogSink to)
            throws InterruptedException {
        try {
            phase.accept("at work");
            int pause = random.nextInt(LINES);
            for (int n = 1; n <= LINES; n++) {
                byte[] line = line(order.step().value(), order.lease().number(), n).getBytes(UTF_8);
                to.append(line, 0, line.length);
                if (n == pause) pause();
            }
            return make(order);
        } catch (RookeryException e) {
            return new Outcome.Broke(Failure.of(e));
        } catch (IOException e) {
            if (Thread.interrupted()) throw new InterruptedException();
            return new Outcome.Broke(
                    new Failure(Failure.Kind.HOST, order.step() + " met " + e + "; try elsewhere"));
        }
    }

    private void pause() throws InterruptedException {
        var _ = new CountDownLatch(1).await(random.nextInt(LONGEST_MS), TimeUnit.MILLISECONDS);
    }

    private Outcome make(Order order) throws IOException {
        SortedMap<String, Blob> made = new TreeMap<>();
        Digest identity = Digest.of(order.step().value().getBytes(UTF_8));
        switch (order.work()) {
            case Work.Modules work -> {
                var _ = blobs.fetch(work.goModAndSum());
                made.put("modules", blobs.store(("modules " + work.goModAndSum()).getBytes(UTF_8)));
            }
            case Work.GoBuild work -> {
                var _ = blobs.fetch(work.source().tree());
                made.put(
                        "binary",
                        blobs.store(
                                program(work.wanted().platform(), work.source().tree().digest())));
            }
            case Work.Run _ -> {
                for (Outcome.Made input : order.inputs().values()) {
                    if (input.find("binary").isPresent()) {
                        var _ = blobs.fetch(input.blob("binary"));
                    }
                }
            }
            case Work.Resolve _, Work.Fetch _, Work.PackageBuild _ ->
                    throw new IllegalStateException("nobody asked for " + order.step());
        }
        if (!made.isEmpty()) identity = made.firstEntry().getValue().digest();
        var notes = new TreeMap<String, String>();
        notes.put(LEASE, Long.toString(order.lease().number()));
        return new Outcome.Made(made, identity, notes);
    }

    @Override
    public void close() {}
}
