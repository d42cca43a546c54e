package rookery.coordinator.rpc;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import rookery.model.AgentId;

/// Which agents' streams are open, and what each said of its program. An agent may have two for a
/// while: it came back before we noticed that it was gone. Any thread.
public final class Streams {
    /// @param protocol the version of the messages on it
    /// @param software the program's, for people
    record Spoken(AgentId agent, int protocol, String software) {}

    private static final int SOFTWARE_CHARS = 80;

    private final Map<AgentStream, Spoken> open = new ConcurrentHashMap<>();

    void opened(AgentStream stream, AgentId agent, int protocol, String software) {
        String brief = software.substring(0, Math.min(software.length(), SOFTWARE_CHARS));
        open.put(stream, new Spoken(agent, protocol, brief));
    }

    void closed(AgentStream stream) {
        open.remove(stream);
    }

    List<AgentStream> of(AgentId agent) {
        return open.entrySet().stream()
                .filter(e -> e.getValue().agent().equals(agent))
                .map(Map.Entry::getKey)
                .toList();
    }

    Optional<Spoken> spoken(AgentId agent) {
        return open.values().stream().filter(s -> s.agent().equals(agent)).findFirst();
    }
}
