package rookery.oci.registry;

import java.net.URI;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Which hosts a registry may bring into play. The rules, all about origins (scheme, host, port):
///
/// - Registries are spoken to over TLS; only a loopback registry may be plain HTTP.
/// - Passwords and tokens go to the registry's own origin. A password also goes to its token
///   server, which must be the registry's host or a host below it, on the same port, or one of the
///   pairs in [#tokenServers]. A sibling (`evil.azurecr.io` beside `acme.azurecr.io`) is a
///   stranger: on shared domains anybody can be one. Any other token server is not even asked.
/// - Downloads may be redirected to another host, over TLS, without credentials, and not to a bare
///   address or to loopback (which would make us a proxy into our own network). A registry on
///   loopback may redirect within loopback.
/// - Uploads go to the registry's own origin only.
public record Policy(boolean plainLoopback, SortedMap<String, String> tokenServers) {
    /// Registries whose token server has another name, from their own documentation.
    private static final SortedMap<String, String> KNOWN = known();

    public static final Policy STANDARD = new Policy(true, KNOWN);

    /// TLS on loopback too: for a farm's own servers.
    public static final Policy ALWAYS_TLS = new Policy(false, KNOWN);

    public Policy {
        tokenServers = Collections.unmodifiableSortedMap(new TreeMap<>(tokenServers));
    }

    private static SortedMap<String, String> known() {
        var all = new TreeMap<String, String>();
        all.put("registry-1.docker.io", "auth.docker.io");
        all.put("registry.gitlab.com", "gitlab.com");
        all.put("nvcr.io", "authn.nvidia.com");
        return all;
    }

    /// The same with one more registry host whose tokens come from that other host.
    public Policy trusting(String registryHost, String tokenHost) {
        var more = new TreeMap<>(tokenServers);
        more.put(registryHost, tokenHost);
        return new Policy(plainLoopback, more);
    }

    /// Where the registry of this reference answers. Docker Hub's name is not its host.
    URI endpoint(Reference reference) {
        String host =
                reference.host().equals("docker.io") ? "registry-1.docker.io" : reference.host();
        boolean plain = plainLoopback && Origin.isLoopback(host);
        String port = reference.port().map(p -> ":" + p).orElse("");
        return URI.create((plain ? "http://" : "https://") + host + port);
    }

    /// Why this token server must not be asked, if so.
    Optional<String> objectionToRealm(Origin registry, URI realm) {
        Optional<String> malformed = objectionToForm(registry, realm);
        if (malformed.isPresent()) {
            return malformed;
        }
        Origin to = Origin.of(realm);
        boolean own =
                (to.host().equals(registry.host()) || to.host().endsWith("." + registry.host()))
                        && to.port() == registry.port();
        boolean paired = to.port() == 443 && to.host().equals(tokenServers.get(registry.host()));
        if (own || paired) {
            return Optional.empty();
        }
        return Optional.of(
                "it names the token server "
                        + to
                        + ", which is neither its own host nor known to belong to it");
    }

    /// Why a download must not follow this redirect, if so.
    Optional<String> objectionToRedirect(Origin registry, URI target) {
        Optional<String> malformed = objectionToForm(registry, target);
        Origin to = Origin.of(target);
        if (malformed.isPresent() || to.equals(registry)) {
            return malformed;
        }
        boolean inside = to.isLiteral() || to.isLoopback();
        boolean within = registry.isLoopback() && to.isLoopback();
        return inside && !within
                ? Optional.of("it redirects to the bare address " + to)
                : Optional.empty();
    }

    /// Why an upload must not go there, if so.
    Optional<String> objectionToUpload(Origin registry, URI target) {
        Optional<String> malformed = objectionToForm(registry, target);
        if (malformed.isPresent() || Origin.of(target).equals(registry)) {
            return malformed;
        }
        return Optional.of("it wants the upload at " + Origin.of(target) + ", another origin");
    }

    private static Optional<String> objectionToForm(Origin registry, URI target) {
        String scheme = String.valueOf(target.getScheme()).toLowerCase(Locale.ROOT);
        if (target.getHost() == null || !Set.of("http", "https").contains(scheme)) {
            return Optional.of("it names something that is no web address");
        }
        if (target.getRawUserInfo() != null) {
            return Optional.of("it names an address with a user name in it");
        }
        Origin to = Origin.of(target);
        boolean plainIsFine = !registry.isTls() && registry.isLoopback() && to.isLoopback();
        return to.isTls() || plainIsFine
                ? Optional.empty()
                : Optional.of("it leads from TLS to plain HTTP at " + to);
    }
}
