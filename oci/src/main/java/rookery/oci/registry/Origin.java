package rookery.oci.registry;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/// Scheme, host and port: the unit of trust. Credentials for one origin are never sent to another.
record Origin(String scheme, String host, int port) {
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");

    /// Also decimal (`2130706433`), octal and hexadecimal ways to write an IPv4 address: no public
    /// name's last label is a number.
    private static final Pattern NUMERIC = Pattern.compile("(?:.*\\.)?(?:0x[0-9a-f]*|[0-9]+)\\.?");

    static Origin of(URI uri) {
        String scheme = lower(uri.getScheme());
        String host = lower(uri.getHost());
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return new Origin(scheme, host, port);
    }

    boolean isTls() {
        return scheme.equals("https");
    }

    boolean isLoopback() {
        return isLoopback(host);
    }

    static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.equals("[::1]")
                || (IPV4.matcher(host).matches() && host.startsWith("127."));
    }

    /// True for an address in place of a name.
    boolean isLiteral() {
        return host.startsWith("[") || NUMERIC.matcher(host).matches();
    }

    @Override
    public String toString() {
        return scheme + "://" + host + ":" + port;
    }

    private static String lower(@org.jspecify.annotations.Nullable String text) {
        return text == null ? "" : text.toLowerCase(Locale.ROOT);
    }
}
