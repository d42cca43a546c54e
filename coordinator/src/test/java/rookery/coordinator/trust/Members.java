package rookery.coordinator.trust;

import java.nio.file.Path;
import java.time.InstantSource;
import rookery.access.Identity;
import rookery.access.Join;
import rookery.access.JoinToken;
import rookery.access.Role;

/// Lets programs join a farm the way they do, for benchmarks that need a thousand of them.
public final class Members {
    private Members() {}

    public static Identity join(
            Authority authority, FarmServer server, Role role, String name, Path directory) {
        String token = authority.create(role, name, Authority.TOKEN_LIFE, "the benchmark").text();
        return Join.join(
                java.net.URI.create("https://127.0.0.1:" + server.port()),
                JoinToken.parse(token),
                "",
                directory,
                InstantSource.system());
    }
}
