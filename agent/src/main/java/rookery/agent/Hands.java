package rookery.agent;

import java.io.IOException;
import java.util.function.Consumer;
import rookery.agent.exec.LogSink;
import rookery.model.AgentFacts;
import rookery.model.Order;
import rookery.model.Outcome;

/// What does an agent's orders, apart from all that brings them here and takes results away.
/// Several orders at once, each on a thread of its own.
public interface Hands extends AutoCloseable {
    /// What they can do.
    AgentFacts facts();

    /// Does one order, whatever happens; returns when nothing of it is left on the machine but its
    /// result. An interrupt ends it.
    ///
    /// @param phase told what the step is at, for people
    /// @param to gets the step's log
    Outcome run(Order order, Consumer<String> phase, LogSink to) throws InterruptedException;

    @Override
    void close() throws IOException;
}
