package rookery.deploy.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;

/// Moments at which this process may kill itself, without a word to anybody: SIGKILL, so nothing is
/// flushed, closed or said. Any thread.
final class Failpoints {
    /// Of a coordinator.
    static final String[] COORDINATOR = {
        "persist.before",
        "persist.after",
        "answer-Sync.before",
        "answer-Sync.after",
        "answer-Submit.before",
        "answer-Submit.after",
        "answer-AppendLog.before",
        "answer-AppendLog.after",
        "upload.asked",
        "upload.begun",
        "upload.stored"
    };

    /// Of an agent.
    static final String[] AGENT = {
        "report-Sync.before",
        "report-Sync.after",
        "report-AppendLog.before",
        "report-AppendLog.after",
        "order.before",
        "order.after",
        "upload.before",
        "upload.after"
    };

    private static final int SIGKILL = 9;

    private final String armed;
    private final AtomicInteger left;
    private final Path deaths;

    /// @param armed which one is deadly; empty: none
    /// @param passes how often it is passed before it kills
    /// @param deaths a file that gets the name of the one that killed
    Failpoints(String armed, int passes, Path deaths) {
        this.armed = armed;
        this.left = new AtomicInteger(passes);
        this.deaths = deaths;
    }

    void pass(String name) {
        if (!name.equals(armed) || left.getAndDecrement() != 0) return;
        try {
            Files.write(
                    deaths,
                    (name + "\n").getBytes(UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        killSelf();
    }

    @SuppressWarnings("restricted")
    private static void killSelf() {
        Linker linker = Linker.nativeLinker();
        var kill =
                linker.downcallHandle(
                        linker.defaultLookup().find("kill").orElseThrow(),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            int _ = (int) kill.invokeExact((int) ProcessHandle.current().pid(), SIGKILL);
        } catch (Throwable e) {
            throw new IllegalStateException("could not kill itself", e);
        }
    }
}
