package rookery.agent.exec;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Watches one process from start to end: feeds it, reads it, and ends it in time.
final class Running {
    private static final Duration DYING = Duration.ofSeconds(20);

    private Running() {}

    /// Blocks until the process has ended. An interrupt ends it and comes back as [Ended.Killed],
    /// with the interrupt flag cleared: the caller still has things to remove.
    static Ended watch(Process process, String stdin, Duration limit, LogSink log) {
        var out = new Capture(process.getInputStream(), log);
        var errors = new BoundedLog(log, Long.MAX_VALUE);
        var err = new Capture(process.getErrorStream(), errors);
        Thread reader = Thread.ofVirtual().name("stdout").start(out);
        Thread errorReader = Thread.ofVirtual().name("stderr").start(err);
        Thread feeder = Thread.ofVirtual().name("stdin").start(() -> feed(process, stdin));
        boolean isKilled = false;
        boolean inTime = false;
        try {
            inTime = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            isKilled = true;
        }
        if (!inTime) process.destroyForcibly();
        boolean again = false;
        for (Thread thread : new Thread[] {feeder, reader, errorReader}) again |= join(thread);
        try {
            if (!process.waitFor(DYING.toMillis(), TimeUnit.MILLISECONDS))
                throw new IllegalStateException("process " + process.pid() + " cannot be killed");
        } catch (InterruptedException e) {
            again = true;
        }
        if (isKilled || (again && !inTime)) return new Ended.Killed();
        if (!inTime) return new Ended.TimedOut();
        if (again) Thread.currentThread().interrupt();
        return new Ended.Exited(process.exitValue(), out.bytes(), out.isCut(), errors.lastLines());
    }

    private static void feed(Process process, String stdin) {
        try (OutputStream to = process.getOutputStream()) {
            to.write(stdin.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It ended without reading everything, which is its own affair.
            return;
        }
    }

    /// Waits for a thread of ours, whose pipe ends when the process has; true if interrupted.
    private static boolean join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }
}
