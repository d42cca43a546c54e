package rookery.agent.exec;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// How a command ended. Whatever it started is gone by now.
public sealed interface Ended {

    /// The status of a program that could not be started, as shells have it.
    int NOT_STARTED = 127;

    /// By itself.
    ///
    /// @param status 128 and more: by a signal
    /// @param stdout as far as it was captured
    /// @param isCut whether there was more than is captured
    /// @param errors the last lines of standard error, oldest first
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Exited(int status, byte[] stdout, boolean isCut, List<String> errors) implements Ended {
        public String text() {
            return new String(stdout, StandardCharsets.UTF_8);
        }
    }

    /// It ran longer than it may.
    record TimedOut() implements Ended {}

    /// The agent was told to end it.
    record Killed() implements Ended {}
}
