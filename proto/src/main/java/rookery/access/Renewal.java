package rookery.access;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import rookery.model.Blame;
import rookery.model.RookeryException;
import rookery.v1.Enrolled;
import rookery.v1.EnrolmentGrpc;
import rookery.v1.RenewRequest;

/// Replaces an identity's certificate when two thirds of its life are over, for as long as the
/// program runs. What cannot be renewed now is tried again until the farm says no.
public final class Renewal implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Renewal.class.getName());
    private static final Duration ANSWER = Duration.ofSeconds(20);

    /// How long after a failure the next try is made, at least and at most; farms are not to be
    /// stormed.
    private static final Duration SOONEST = Duration.ofSeconds(30);

    private static final Duration LATEST = Duration.ofMinutes(10);

    /// The share of a certificate's life within which machines that joined together spread.
    private static final double SPREAD = 0.05;

    /// Waits; tests need not.
    @FunctionalInterface
    public interface Pause {
        /// The usual one: in small parts, because a clock may be set and a machine may sleep.
        static Pause usual(java.time.InstantSource clock) {
            return until -> {
                Duration part = Duration.ofSeconds(15);
                for (Instant now = clock.instant(); now.isBefore(until); now = clock.instant()) {
                    Duration left = Duration.between(now, until);
                    Thread.sleep(left.compareTo(part) < 0 ? left : part);
                }
            };
        }

        void until(Instant moment) throws InterruptedException;
    }

    private final Identity identity;
    private final RandomGenerator random;
    private final Pause pause;
    private final Thread thread;
    private final CompletableFuture<RookeryException> refused = new CompletableFuture<>();
    private volatile boolean closed;

    private Renewal(Identity identity, RandomGenerator random, Pause pause) {
        this.identity = identity;
        this.random = random;
        this.pause = pause;
        this.thread = Thread.ofVirtual().name("renewal").unstarted(this::run);
    }

    /// Renews from now on, until closed or refused for good.
    public static Renewal start(Identity identity, RandomGenerator random, Pause pause) {
        var renewal = new Renewal(identity, random, pause);
        renewal.thread.start();
        return renewal;
    }

    /// For programs that run for a moment: renews when it is time. A farm that does not answer is
    /// no harm while the present certificate lasts.
    public static void ifDue(Identity identity) {
        Instant now = identity.clock().instant();
        if (now.isBefore(identity.credential().due())) return;
        try {
            now(identity);
        } catch (RookeryException e) {
            if (e.blame() != Blame.UPSTREAM || !now.isBefore(identity.credential().notAfter()))
                throw e;
            LOG.log(System.Logger.Level.WARNING, "not renewed this time: " + e.getMessage());
        }
    }

    /// Renews now.
    ///
    /// @throws RookeryException with blame SPEC when the farm says no, UPSTREAM when it does not
    ///   answer
    public static void now(Identity identity) {
        KeyPair key = Proof.key();
        byte[] proof = Proof.sign(key.getPrivate(), Proof.renewing(identity.credential().serial()));
        ManagedChannel channel = identity.channel();
        try {
            Enrolled answer =
                    EnrolmentGrpc.newBlockingV2Stub(channel)
                            .withDeadlineAfter(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                            .renew(
                                    RenewRequest.newBuilder()
                                            .setPublicKey(
                                                    ByteString.copyFrom(
                                                            key.getPublic().getEncoded()))
                                            .setProof(ByteString.copyFrom(proof))
                                            .build());
            identity.replace(Join.credential(key, answer, identity.farm()));
        } catch (StatusException e) {
            throw Refusals.of(
                    "renewing the certificate of " + identity.subject(), identity.farm(), e);
        } finally {
            channel.shutdownNow();
        }
    }

    /// When a certificate is renewed, a little before it is due.
    ///
    /// @param spread from 0 to 1, another one for each program
    static Instant moment(Credential credential, double spread) {
        Duration life = Duration.between(credential.notBefore(), credential.notAfter());
        return credential.due().minusMillis((long) (life.toMillis() * SPREAD * spread));
    }

    private void run() {
        Duration patience = SOONEST;
        try {
            Instant next = moment(identity.credential(), random.nextDouble());
            while (!closed) {
                pause.until(next);
                try {
                    now(identity);
                    LOG.log(System.Logger.Level.INFO, "renewed " + identity);
                    patience = SOONEST;
                    // A clock that runs far ahead finds each new certificate due at once.
                    next =
                            later(
                                    moment(identity.credential(), random.nextDouble()),
                                    identity.clock().instant().plus(SOONEST));
                } catch (RookeryException e) {
                    if (closed) return;
                    if (e.blame() == Blame.SPEC) {
                        LOG.log(System.Logger.Level.ERROR, e.getMessage());
                        refused.complete(e);
                        return;
                    }
                    LOG.log(
                            System.Logger.Level.WARNING,
                            e.getMessage()
                                    + "; the present one ends at "
                                    + identity.credential().notAfter());
                    next = identity.clock().instant().plus(jittered(patience));
                    patience = patience.multipliedBy(2);
                    if (patience.compareTo(LATEST) > 0) patience = LATEST;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt(); // closed
        } catch (RuntimeException e) { // the thread's outermost: silence would cost the identity
            LOG.log(System.Logger.Level.ERROR, "renewing " + identity + " stopped", e);
        }
    }

    private Duration jittered(Duration patience) {
        return Duration.ofMillis((long) (patience.toMillis() * (0.5 + random.nextDouble() / 2)));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /// Completes when the farm says no for good: the program will soon be nobody there.
    public CompletableFuture<RookeryException> refused() {
        return refused;
    }

    /// Stops renewing.
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
