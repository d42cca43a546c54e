package rookery.coordinator.web;

import io.vertx.core.net.KeyCertOptions;
import java.net.InetAddress;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// How the dashboard listens.
///
/// @param host an address, or `localhost`
/// @param port 0 for any free one
/// @param certificate makes it speak TLS
/// @param viewerToken whoever knows it may look; empty lets everybody look who can connect
/// @param names what browsers may call this machine in the Host header, beside `host` itself and
///   the loopback's names: any other name is a page of somebody else's that was pointed here
public record Config(
        String host,
        int port,
        Optional<KeyCertOptions> certificate,
        Optional<String> viewerToken,
        SortedSet<String> names) {
    public static final int PORT = 7603;
    private static final String LOOPBACK = "127.0.0.1";
    private static final int TOKEN_CHARS = 20;

    public Config {
        SortedSet<String> lower = new TreeSet<>();
        names.forEach(n -> lower.add(n.toLowerCase(Locale.ROOT)));
        names = Collections.unmodifiableSortedSet(lower);
        if (viewerToken.isPresent() && viewerToken.get().length() < TOKEN_CHARS)
            throw new RookeryException(
                    Blame.SPEC,
                    "the dashboard's viewer token has fewer than "
                            + TOKEN_CHARS
                            + " characters and could be guessed; make one with: openssl rand -hex 24");
        if (!isLoopback(host) && (certificate.isEmpty() || viewerToken.isEmpty()))
            throw new RookeryException(
                    Blame.SPEC,
                    "the dashboard cannot listen on "
                            + host
                            + " without "
                            + (certificate.isEmpty() ? "TLS" : "a viewer token")
                            + ": anybody on that network could read every log; give it both, or listen on "
                            + LOOPBACK
                            + " and use a tunnel such as ssh -L "
                            + PORT
                            + ":"
                            + LOOPBACK
                            + ":"
                            + PORT);
    }

    /// On this machine only, for everybody on it.
    public static Config local(int port) {
        return new Config(LOOPBACK, port, Optional.empty(), Optional.empty(), new TreeSet<>());
    }

    private static boolean isLoopback(String host) {
        if (host.equals("localhost")) return true;
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException _) { // a name, which may mean anything
            return false;
        }
    }
}
