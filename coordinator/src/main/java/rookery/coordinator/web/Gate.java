package rookery.coordinator.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Who may look. The Host header must name this machine: a foreign page whose name was pointed at
/// this address would otherwise read what only this machine may. The cookie is not the token but
/// what only its holder can compute, so that a stolen cookie jar does not give the token away.
final class Gate {
    private static final String ALGORITHM = "HmacSHA256";
    private static final String BEARER = "bearer ";
    private final SortedSet<String> hosts = new TreeSet<>();
    private final Optional<Secret> secret;

    private record Secret(String token, String cookie) {}

    Gate(Config config) {
        hosts.add("localhost");
        hosts.add("127.0.0.1");
        hosts.add("::1");
        hosts.add(config.host().toLowerCase(Locale.ROOT));
        hosts.addAll(config.names());
        secret = config.viewerToken().map(t -> new Secret(t, cookieOf(t)));
    }

    /// @param host without its port and brackets
    boolean knows(String host) {
        return hosts.contains(host.toLowerCase(Locale.ROOT));
    }

    boolean asksForToken() {
        return secret.isPresent();
    }

    /// The cookie for somebody who knows the token.
    Optional<String> login(String token) {
        return secret.filter(s -> same(s.token, token)).map(Secret::cookie);
    }

    /// @param authorization the header, empty for none
    /// @param cookie the cookie's value, empty for none
    boolean admits(String authorization, String cookie) {
        if (secret.isEmpty()) return true;
        Secret wanted = secret.get();
        boolean bearer =
                authorization.length() > BEARER.length()
                        && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                        && same(wanted.token, authorization.substring(BEARER.length()).strip());
        return bearer || same(wanted.cookie, cookie);
    }

    /// Takes as long for a near miss as for a far one.
    private static boolean same(String wanted, String found) {
        return MessageDigest.isEqual(wanted.getBytes(UTF_8), found.getBytes(UTF_8));
    }

    private static String cookieOf(String token) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(token.getBytes(UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal("rookery dashboard 1".getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
