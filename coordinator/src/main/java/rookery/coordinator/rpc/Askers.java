package rookery.coordinator.rpc;

import io.grpc.Status;
import java.util.Optional;
import rookery.coordinator.trust.Caller;
import rookery.coordinator.trust.Callers;
import rookery.model.AgentId;

/// Who asks, of the call that this thread serves.
final class Askers {
    private Askers() {}

    /// The name on the certificate; empty for the farm's owner.
    static Optional<String> name() {
        return Callers.current().map(Caller::name);
    }

    static String role() {
        return Callers.current().map(c -> c.role().word()).orElse("owner");
    }

    /// An agent speaks for itself alone.
    static void mustBe(Optional<String> certificate, AgentId agent) {
        if (certificate.isPresent() && !certificate.get().equals(agent.value()))
            throw Errors.refusal(
                    Status.PERMISSION_DENIED,
                    "whoever is "
                            + certificate.get()
                            + " by certificate cannot speak for agent "
                            + Errors.quoted(agent.value())
                            + "; start the agent under the name that it joined with");
    }
}
