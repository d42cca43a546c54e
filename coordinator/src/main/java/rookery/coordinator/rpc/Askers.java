package rookery.coordinator.rpc;

import java.util.Optional;
import rookery.model.AgentId;

/// placeholder
final class Askers {
    static Optional<String> name() {
        return Optional.empty();
    }

    static String role() {
        return "owner";
    }

    static void mustBe(Optional<String> certificate, AgentId agent) {}
}
