package rookery.agent.exec;

/// Where a step's words go. Called by the threads that read a process's output, so an
/// implementation is thread-safe; it never blocks for long and never throws, because a process
/// whose output nobody reads stands still.
public interface LogSink {

    /// Takes a copy of these bytes.
    void append(byte[] bytes, int offset, int length);

    /// A line of the farm's own.
    default void note(String line) {
        byte[] bytes = (line + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
        append(bytes, 0, bytes.length);
    }

    /// Nobody listens.
    static LogSink none() {
        return (_, _, _) -> {};
    }
}
