package rookery.elf.libelf;

import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import rookery.elf.bytes.Source;

/// libelf in a child process. If a file ends the child, the next file gets a new one.
public final class LibelfEngine implements AutoCloseable {
    static final String READY = "ready";
    static final String END = ".";

    /// The child holds a file in memory as a whole.
    static final long MAX_FILE_BYTES = 1L << 30;

    private static final int MAX_LINES = 4_000_000;
    private static final int PIECE_BYTES = 64 << 10;
    private static final long PATIENCE_SECONDS = 60;

    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(
                    task -> Thread.ofPlatform().daemon().name("libelf-watch").unstarted(task));
    private Optional<Child> child = Optional.empty();

    private record Child(Process process, DataOutputStream to, BufferedReader from) {}

    private LibelfEngine() {}

    /// Starts the child.
    ///
    /// @throws IOException with the reason when libelf or JNA is not there
    public static LibelfEngine start() throws IOException {
        var engine = new LibelfEngine();
        try {
            engine.child = Optional.of(launch());
            return engine;
        } catch (IOException e) {
            engine.close();
            throw e;
        }
    }

    private static Child launch() throws IOException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xshare:auto",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                LibelfChild.class.getName())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        var to = new DataOutputStream(process.getOutputStream());
        var from =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String first = from.readLine();
        if (!READY.equals(first)) {
            process.destroyForcibly();
            throw new IOException(
                    "libelf cannot be used: "
                            + (first == null ? "its process ended at once" : first)
                            + "; install elfutils' libelf.so.1, and have jna.jar on the class path");
        }
        return new Child(process, to, from);
    }

    /// libelf's facts of a file, as lines like those of [Facts]; empty for what is no ELF file.
    public List<String> facts(Source source) {
        if (source.sizeBytes() > MAX_FILE_BYTES) {
            throw new UncheckedIOException(
                    new IOException(
                            "%d bytes; libelf gets at most %d"
                                    .formatted(source.sizeBytes(), MAX_FILE_BYTES)));
        }
        try {
            if (child.isEmpty()) {
                child = Optional.of(launch());
            }
            return ask(child.get(), source);
        } catch (IOException e) {
            stop();
            throw new UncheckedIOException(e);
        }
    }

    private List<String> ask(Child asked, Source source) throws IOException {
        var alarm =
                watch.schedule(
                        () -> asked.process().destroyForcibly(),
                        PATIENCE_SECONDS,
                        TimeUnit.SECONDS);
        try {
            send(asked.to(), source);
            List<String> lines = new ArrayList<>();
            while (lines.size() < MAX_LINES) {
                String line = asked.from().readLine();
                if (line == null) {
                    throw new IOException("libelf's process ended while it read this file");
                }
                if (line.equals(END)) {
                    return lines;
                }
                lines.add(line);
            }
            throw new IOException("libelf says more than " + MAX_LINES + " lines");
        } finally {
            alarm.cancel(false);
        }
    }

    private static void send(DataOutputStream to, Source source) throws IOException {
        long size = source.sizeBytes();
        to.writeLong(size);
        for (long at = 0; at < size; at += PIECE_BYTES) {
            MemorySegment piece = source.slice(at, Math.min(PIECE_BYTES, size - at));
            to.write(piece.toArray(ValueLayout.JAVA_BYTE));
        }
        to.flush();
    }

    private void stop() {
        child.ifPresent(c -> c.process().destroyForcibly());
        child = Optional.empty();
    }

    @Override
    public void close() {
        stop();
        watch.shutdownNow();
    }
}
