package rookery.coordinator.web;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.util.Locale;
import java.util.Optional;

/// Where a request comes from. A browser tells in three headers that no page can forge: which name
/// it believes to be talking to, which site's script asks, and whether a person is going there.
final class Origins {
    private final Gate gate;

    Origins(Gate gate) {
        this.gate = gate;
    }

    /// Why nothing is answered, in a sentence; empty when all is well.
    Optional<String> refusal(HttpServerRequest request) {
        HostAndPort authority = request.authority();
        if (authority == null || !gate.knows(host(authority)))
            return Optional.of(
                    "The dashboard is not known by the name that this browser used for it. Open it by its"
                            + " address, or let the coordinator know that name.");
        String origin = request.getHeader("Origin");
        if (origin != null && !isOurs(origin, authority))
            return Optional.of(
                    "Another site's page asked for this; the dashboard answers its own only.");
        String site = request.getHeader("Sec-Fetch-Site");
        String mode = request.getHeader("Sec-Fetch-Mode");
        boolean foreign = site != null && (site.equals("cross-site") || site.equals("same-site"));
        if (foreign && !"navigate".equals(mode))
            return Optional.of(
                    "Another site's page asked for this; the dashboard answers its own only.");
        return Optional.empty();
    }

    private static boolean isOurs(String origin, HostAndPort authority) {
        int slashes = origin.indexOf("://");
        return slashes > 0
                && origin.substring(slashes + 3)
                        .toLowerCase(Locale.ROOT)
                        .equals(authority.toString().toLowerCase(Locale.ROOT));
    }

    private static String host(HostAndPort authority) {
        String host = authority.host();
        return host.startsWith("[") && host.endsWith("]")
                ? host.substring(1, host.length() - 1)
                : host;
    }
}
