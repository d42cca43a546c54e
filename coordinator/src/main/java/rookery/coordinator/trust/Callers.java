package rookery.coordinator.trust;

import io.grpc.Context;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who is calling, for the services that are being called.
public final class Callers {
    private static final Context.Key<@Nullable Caller> CALLER = Context.key("rookery-caller");

    private Callers() {}

    /// The caller of the call that this thread is serving. Empty for the farm's owner in the same
    /// process or on a plaintext loopback port, who may do all, and for methods that need no
    /// certificate.
    public static Optional<Caller> current() {
        return Optional.ofNullable(CALLER.get());
    }

    static Context with(Caller caller) {
        return Context.current().withValue(CALLER, caller);
    }
}
