package rookery.oci.registry;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;
import rookery.oci.json.Json;
import rookery.oci.json.MalformedDocumentException;
import rookery.oci.registry.Credentials.Login;
import rookery.oci.registry.RegistryException.Kind;

/// Answers a registry's challenge with the value of an `Authorization` header. The scope asked for
/// is ours (one repository, pull or push), never the challenge's. A header is kept per registry,
/// repository and scope until the registry refuses it.
final class Tokens {
    /// The longest real ones (cloud registries') have a few KiB.
    private static final int MAX_TOKEN_CHARS = 32 * 1024;

    private static final int MAX_SERVICE_CHARS = 256;
    private static final int MAX_KEPT = 1000;

    /// RFC 6750's grammar; a line break in a token would be a header of its own.
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private final Http http;
    private final Credentials credentials;
    private final Policy policy;
    private final ConcurrentMap<Key, String> kept = new ConcurrentHashMap<>();

    private record Key(String repository, Scope scope) {}

    /// What we want to do with the repository.
    enum Scope {
        PULL("pull"),
        PUSH("pull,push");

        private final String actions;

        Scope(String actions) {
            this.actions = actions;
        }

        String of(Reference repository) {
            return "repository:" + repository.repository() + ":" + actions;
        }
    }

    Tokens(Http http, Credentials credentials, Policy policy) {
        this.http = http;
        this.credentials = credentials;
        this.policy = policy;
    }

    Optional<String> kept(Reference repository, Scope scope) {
        return Optional.ofNullable(kept.get(key(repository, scope)));
    }

    /// Gets a new header for this challenge.
    String answer(String doing, Reference repository, Scope scope, Challenge challenge)
            throws IOException, InterruptedException {
        Optional<Login> login = credentials.find(repository);
        String header =
                challenge.scheme().equals("bearer")
                        ? "Bearer " + token(doing, repository, scope, challenge, login)
                        : basic(doing, repository, login);
        if (kept.size() >= MAX_KEPT) {
            kept.clear(); // they are cheap to get again
        }
        kept.put(key(repository, scope), header);
        return header;
    }

    private static Key key(Reference repository, Scope scope) {
        return new Key(repository.bare().toString(), scope);
    }

    private static String basic(String doing, Reference repository, Optional<Login> login)
            throws RegistryException {
        return switch (login.orElse(null)) {
            case Login.Password password -> basic(password);
            case Login.IdentityToken token ->
                    throw new RegistryException(
                            Kind.DENIED,
                            doing
                                    + ": "
                                    + repository.authority()
                                    + " wants a user and a password, but "
                                    + token
                                    + " is neither; log in again");
            case null ->
                    throw new RegistryException(
                            Kind.DENIED, doing + ": not logged in" + remedy(repository));
        };
    }

    private static String basic(Login.Password login) {
        byte[] plain = (login.user() + ":" + login.password()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(plain);
    }

    static String remedy(Reference repository) {
        return "; run `podman login "
                + repository.authority()
                + "` (or docker login) as the user that runs Rookery";
    }

    private String token(
            String doing,
            Reference repository,
            Scope scope,
            Challenge challenge,
            Optional<Login> login)
            throws IOException, InterruptedException {
        URI realm = realm(doing, repository, challenge);
        var fields = new LinkedHashMap<String, String>();
        challenge
                .get("service")
                .filter(s -> s.length() <= MAX_SERVICE_CHARS)
                .ifPresent(s -> fields.put("service", s));
        fields.put("scope", scope.of(repository));
        var request =
                switch (login.orElse(null)) {
                    case Login.Password password ->
                            get(doing, realm, fields).with("Authorization", basic(password));
                    case Login.IdentityToken token -> exchange(doing, realm, fields, token);
                    case null -> get(doing, realm, fields);
                };
        Http.Answer answer = http.send(request);
        String server = Origin.of(realm).toString();
        if (answer.status() == 401 || answer.status() == 403 || answer.status() == 400) {
            throw new RegistryException(
                    Kind.DENIED,
                    doing
                            + ": the token server "
                            + server
                            + " answered "
                            + answer.status()
                            + Answers.said(answer.body())
                            + " to "
                            + login.map(Login::toString).orElse("a visitor without login")
                            + (login.isPresent() ? "; log in again" : remedy(repository)));
        }
        if (answer.status() != 200) {
            throw Answers.unexpected(doing + ": getting a token from " + server, answer);
        }
        return parse(doing + ": the token server " + server, answer.body());
    }

    private URI realm(String doing, Reference repository, Challenge challenge)
            throws RegistryException {
        String text = challenge.get("realm").orElse("");
        URI realm;
        try {
            realm = new URI(text);
        } catch (java.net.URISyntaxException e) {
            throw new RegistryException(
                    Kind.BROKEN, doing + ": the registry's token server has no valid address", e);
        }
        Origin registry = Origin.of(policy.endpoint(repository));
        Optional<String> objection = policy.objectionToRealm(registry, realm);
        if (objection.isPresent() || realm.getRawFragment() != null) {
            throw new RegistryException(
                    Kind.BROKEN,
                    doing
                            + ": "
                            + repository.authority()
                            + " is not trusted: "
                            + objection.orElse("its token server's address has a fragment")
                            + "; nothing was sent there");
        }
        return realm;
    }

    private static Http.Request get(String doing, URI realm, Map<String, String> fields) {
        String joint = realm.getRawQuery() == null ? "?" : "&";
        return new Http.Request(
                doing, "GET", URI.create(realm + joint + form(fields)), Map.of(), Http.Body.NONE);
    }

    /// OAuth2's way to turn a refresh token into an access token.
    private static Http.Request exchange(
            String doing, URI realm, Map<String, String> fields, Login.IdentityToken token) {
        var all = new LinkedHashMap<>(fields);
        all.put("grant_type", "refresh_token");
        all.put("client_id", "rookery");
        all.put("refresh_token", token.token());
        byte[] body = form(all).getBytes(StandardCharsets.UTF_8);
        return new Http.Request(doing, "POST", realm, Map.of(), Http.Body.of(body))
                .with("Content-Type", "application/x-www-form-urlencoded");
    }

    private static String form(Map<String, String> fields) {
        var all = new StringBuilder();
        fields.forEach((name, value) ->
                all.append(all.isEmpty() ? "" : "&")
                        .append(name)
                        .append('=')
                        .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        return all.toString();
    }

    private static String parse(String who, byte[] body) throws RegistryException {
        Json json;
        try {
            json = Json.parse(body);
        } catch (MalformedDocumentException e) {
            throw new RegistryException(Kind.BROKEN, who + " did not answer with JSON");
        }
        if (json instanceof Json.Obj fields) {
            for (String name : new String[] {"token", "access_token"}) {
                if (fields.members().get(name) instanceof Json.Text(var token)
                        && !token.isEmpty()) {
                    if (token.length() > MAX_TOKEN_CHARS || !TOKEN.matcher(token).matches()) {
                        throw new RegistryException(
                                Kind.BROKEN,
                                who
                                        + " gave a token of "
                                        + token.length()
                                        + " characters that is no bearer token");
                    }
                    return token;
                }
            }
        }
        throw new RegistryException(Kind.BROKEN, who + " answered without a token");
    }
}
