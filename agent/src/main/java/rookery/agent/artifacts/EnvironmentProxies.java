package rookery.agent.artifacts;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The proxies that the environment names, as curl and Go take them: `http_proxy`, `https_proxy`
/// and `no_proxy`, in either case. Java itself looks at none of them.
///
/// Proxies that want a password are not spoken to, and this machine is never reached by a proxy.
public final class EnvironmentProxies extends ProxySelector {
    private static final System.Logger LOG = System.getLogger(EnvironmentProxies.class.getName());
    private static final Pattern ADDRESS =
            Pattern.compile("(?:http://)?([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(?::([0-9]{1,5}))?/?");
    private static final Pattern HERE = Pattern.compile("localhost|127\\.[0-9.]+|\\[?::1]?");
    private static final int USUAL_PORT = 80;
    private static final int MAX_PORT = 65_535;

    private final Optional<Proxy> http;
    private final Optional<Proxy> https;
    private final List<String> direct;

    public EnvironmentProxies(SortedMap<String, String> environment) {
        this.http = proxy(environment, "http_proxy");
        this.https = proxy(environment, "https_proxy");
        this.direct =
                Arrays.stream(value(environment, "no_proxy").split("[,\\s]+", -1))
                        .map(name -> name.toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", ""))
                        .filter(name -> !name.isEmpty())
                        .toList();
    }

    @Override
    public List<Proxy> select(URI uri) {
        String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
        Optional<Proxy> proxy = "https".equalsIgnoreCase(uri.getScheme()) ? https : http;
        return List.of(
                isDirect(host, uri.getPort()) ? Proxy.NO_PROXY : proxy.orElse(Proxy.NO_PROXY));
    }

    @Override
    public void connectFailed(URI uri, SocketAddress address, IOException failure) {
        LOG.log(Level.WARNING, "proxy=" + address + " why=" + failure.getMessage());
    }

    private boolean isDirect(String host, int port) {
        return HERE.matcher(host).matches()
                || direct.stream()
                        .anyMatch(name ->
                                name.equals("*")
                                        || host.equals(name)
                                        || host.endsWith("." + name)
                                        || name.equals(host + ":" + port));
    }

    private static Optional<Proxy> proxy(SortedMap<String, String> environment, String name) {
        String value = value(environment, name);
        if (value.isEmpty()) return Optional.empty();
        Matcher address = ADDRESS.matcher(value);
        int port = 0;
        if (address.matches())
            port = address.group(2) == null ? USUAL_PORT : Integer.parseInt(address.group(2));
        if (port < 1 || port > MAX_PORT) {
            // The value is not said: it may hold a password.
            LOG.log(
                    Level.WARNING,
                    name + " is not of the form http://host:port; archives are fetched without it");
            return Optional.empty();
        }
        return Optional.of(
                new Proxy(
                        Proxy.Type.HTTP,
                        InetSocketAddress.createUnresolved(address.group(1), port)));
    }

    private static String value(SortedMap<String, String> environment, String name) {
        String value = environment.getOrDefault(name, "");
        return value.isEmpty()
                ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "")
                : value;
    }
}
