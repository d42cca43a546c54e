package rookery.coordinator.blobs;

import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import rookery.oci.layout.Incoming;

/// One upload. Whoever reads or writes it holds it: a connection that broke may still be writing
/// what had arrived while its successor asks how far that came.
final class Upload {
    /// How long a successor waits for its predecessor.
    private static final long HOLD_SECONDS = 20;

    private final String id;
    private final String owner;
    private final Incoming bytes;
    private final ReentrantLock hold = new ReentrantLock();
    private volatile Instant usedAt;
    private boolean over;

    /// @param owner tag of the visitor who began it
    Upload(String id, String owner, Incoming bytes, Instant now) {
        this.id = id;
        this.owner = owner;
        this.bytes = bytes;
        this.usedAt = now;
    }

    String id() {
        return id;
    }

    String owner() {
        return owner;
    }

    Instant usedAt() {
        return usedAt;
    }

    void hold(Instant now) throws Refusal, InterruptedException {
        if (!hold.tryLock(HOLD_SECONDS, TimeUnit.SECONDS))
            throw new Refusal(
                            429,
                            "TOOMANYREQUESTS",
                            "another request is writing to this upload; one at a time")
                    .with("Retry-After", "5");
        if (over) {
            hold.unlock();
            throw Refusal.unknownUpload();
        }
        usedAt = now;
    }

    /// Whether nobody holds it now, and this thread does from now on.
    boolean tryHold() {
        return hold.tryLock();
    }

    void release(Instant now) {
        usedAt = now;
        hold.unlock();
    }

    /// Only for who holds it.
    Incoming bytes() {
        return bytes;
    }

    /// Ends it; its bytes are stored, or thrown away. Only for who holds it.
    void end() throws IOException {
        over = true;
        bytes.close();
    }

    /// Leaves its bytes on the disk for [Uploads] to find again. Only for who holds it.
    void park() throws IOException {
        over = true;
        bytes.park();
    }
}
