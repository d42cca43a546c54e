package rookery.agent.link;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import rookery.agent.exec.LogSink;
import rookery.model.AgentId;
import rookery.model.Limits;
import rookery.model.Order;
import rookery.v1.AgentsGrpc;
import rookery.v1.LogChunk;

/// Brings one step's log to the coordinator.
///
/// What the step says goes into a file; a thread of its own appends the file to the coordinator's
/// log, asking nothing of the order of calls: each answer says where the next chunk begins. So a
/// chunk that is repeated, or a coordinator that lost some, does no harm.
public final class LogShipper implements LogSink {
    private static final System.Logger LOG = System.getLogger(LogShipper.class.getName());
    private static final Duration CALL = Duration.ofSeconds(20);

    /// Small writes are gathered this long.
    private static final Duration GATHER = Duration.ofMillis(100);

    /// Tries in a row that may fail before the rest of the log is given up.
    private static final int TRIES = 60;

    private final Channel channel;
    private final AgentId agent;
    private final Order order;
    private final Path path;
    private final FileChannel file;
    private final Backoff backoff;
    private final Consumer<LogShipper> whenOver;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;

    // Guarded by the lock.
    private long written;
    private boolean isClosed;
    private boolean isOver;

    private LogShipper(
            Channel channel,
            AgentId agent,
            Order order,
            Path path,
            RandomGenerator random,
            Consumer<LogShipper> whenOver)
            throws IOException {
        this.whenOver = whenOver;
        this.channel = channel;
        this.agent = agent;
        this.order = order;
        this.path = path;
        this.file =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        this.backoff = new Backoff(random);
        this.thread = Thread.ofVirtual().name("log-" + order.lease()).unstarted(this::ship);
    }

    /// @param directory for the file, which is gone when the shipper is
    /// @param whenOver told once, when everything was sent or given up
    public static LogShipper start(
            Channel channel,
            AgentId agent,
            Order order,
            Path directory,
            RandomGenerator random,
            Consumer<LogShipper> whenOver)
            throws IOException {
        Path path = directory.resolve(order.lease() + ".log");
        Files.deleteIfExists(path);
        var shipper = new LogShipper(channel, agent, order, path, random, whenOver);
        shipper.thread.start();
        return shipper;
    }

    @Override
    public void append(byte[] bytes, int offset, int length) {
        lock.lock();
        try {
            if (isClosed) return;
            var buffer = ByteBuffer.wrap(bytes, offset, length);
            while (buffer.hasRemaining()) written += file.write(buffer, written);
            changed.signalAll();
        } catch (IOException e) {
            // A full disk ends the log, not the step, which will meet it soon enough itself.
            LOG.log(Level.WARNING, "lease=" + order.lease() + " log=cut why=" + e.getMessage());
            isClosed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Takes no more. What is left is still sent, in the background.
    public void finish() {
        lock.lock();
        try {
            isClosed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until everything was sent; false if that took longer than this.
    public boolean awaitSent(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (!isOver && left > 0) left = changed.awaitNanos(left);
            return isOver;
        } finally {
            lock.unlock();
        }
    }

    /// Gives up what was not sent.
    public void abandon() {
        finish();
        thread.interrupt();
    }

    private void ship() {
        try (file) {
            long sent = 0;
            int failed = 0;
            while (failed < TRIES) {
                long end = awaitMore(sent);
                if (end <= sent) return;
                try {
                    sent = send(sent, end);
                    failed = 0;
                    backoff.succeeded();
                } catch (StatusRuntimeException e) {
                    if (isFinal(e.getStatus().getCode())) {
                        LOG.log(
                                Level.INFO,
                                "lease=" + order.lease() + " log=refused why=" + e.getMessage());
                        return;
                    }
                    failed++;
                    pause(backoff.next());
                }
            }
            LOG.log(Level.WARNING, "lease=" + order.lease() + " log=lost from_byte=" + sent);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "lease=" + order.lease() + " log=lost why=" + e.getMessage());
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "lease=" + order.lease() + " log=abandoned");
        } finally {
            end();
        }
    }

    /// Whether asking again would be answered the same: the lease is somebody else's by now.
    private static boolean isFinal(Status.Code code) {
        return code == Status.Code.FAILED_PRECONDITION
                || code == Status.Code.INVALID_ARGUMENT
                || code == Status.Code.PERMISSION_DENIED;
    }

    /// The file goes first: whoever waits for the end finds nothing left behind.
    private void end() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.log(Level.WARNING, path + " stays behind: " + e.getMessage());
        }
        lock.lock();
        try {
            isClosed = true;
            isOver = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        whenOver.accept(this);
    }

    /// The end of what was written, once that is beyond this; or this, if nothing will come.
    private long awaitMore(long sent) throws InterruptedException {
        lock.lock();
        try {
            while (written <= sent && !isClosed) changed.await();
            long gather = GATHER.toNanos();
            while (!isClosed && gather > 0 && written - sent < Limits.LOG_CHUNK_BYTES)
                gather = changed.awaitNanos(gather);
            return written;
        } finally {
            lock.unlock();
        }
    }

    private void pause(Duration wait) throws InterruptedException {
        lock.lock();
        try {
            // Nothing else signals this condition in a way that matters: the rest is waited out.
            long left = wait.toNanos();
            while (left > 0) left = changed.awaitNanos(left);
        } finally {
            lock.unlock();
        }
    }

    /// One chunk; answers where the next begins, which the coordinator decides.
    private long send(long from, long to) throws IOException {
        var buffer = ByteBuffer.allocate((int) Math.min(to - from, Limits.LOG_CHUNK_BYTES));
        while (buffer.hasRemaining() && file.read(buffer, from + buffer.position()) >= 0) {}
        LogChunk chunk =
                LogChunk.newBuilder()
                        .setAgent(agent.value())
                        .setLease(order.lease().number())
                        .setJob(order.job().value())
                        .setStep(order.step().value())
                        .setOffset(from)
                        .setData(ByteString.copyFrom(buffer.flip()))
                        .build();
        long next =
                AgentsGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(CALL.toMillis(), TimeUnit.MILLISECONDS)
                        .appendLog(chunk)
                        .getOffset();
        // Beyond what we wrote there is nothing to send; before the start there is nothing at all.
        return Math.clamp(next, 0, to);
    }
}
