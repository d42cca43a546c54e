package rookery.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceTest {
    private static final String D = "@sha256:" + "0".repeat(64);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ghcr.io/acme/app",
                "ghcr.io/acme/app:1.0",
                "localhost/app",
                "localhost:5000/a/b/c:latest",
                "127.0.0.1:5000/app",
                "[::1]:5000/app:x",
                "docker.io/acme/my__app-x.y",
                "registry:5000/app",
            })
    void aReferencePrintsAsItWasRead(String text) {
        assertThat(Reference.parse(text)).hasToString(text);
        assertThat(Reference.parse(text + D)).hasToString(text + D);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "alpine",
                "acme/app",
                "ghcr.io",
                "ghcr.io/",
                "ghcr.io/Acme/app",
                "GHCR.io/acme/app",
                "ghcr.io/acme//app",
                "ghcr.io/acme/../app",
                "ghcr.io/acme/app:",
                "ghcr.io/acme/app:a b",
                "ghcr.io/acme/app@sha256:00",
                "ghcr.io/acme/app:x?y=1",
                "ghcr.io:0/app",
                "ghcr.io:65536/app",
                "me:pw@ghcr.io/acme/app",
                "https://ghcr.io/acme/app",
                "ghcr.io/acme/app\n",
                "ghcr..io/app",
                "-ghcr.io/app",
                "ghcr.io/app#x",
            })
    void whatIsNoReferenceIsRefused(String text) {
        assertThatThrownBy(() -> Reference.parse(text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aVeryLongReferenceIsRefusedAtOnce() {
        assertThatThrownBy(() -> Reference.parse("a.b/" + "a".repeat(200_000)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Reference.parse("a.b/" + "a-".repeat(200)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "ghcr.io/a/b, https://ghcr.io",
        "docker.io/a/b, https://registry-1.docker.io",
        "localhost:5000/a, http://localhost:5000",
        "127.3.2.1/a, http://127.3.2.1",
        "[::1]:80/a, http://[::1]:80",
        "127.evil.example/a, https://127.evil.example",
        "10.0.0.1:5000/a, https://10.0.0.1:5000",
    })
    void onlyLoopbackIsSpokenToInPlain(String reference, URI endpoint) {
        assertThat(Policy.STANDARD.endpoint(Reference.parse(reference))).isEqualTo(endpoint);
    }

    @ParameterizedTest
    @CsvSource({
        "https://ghcr.io, https://ghcr.io/token, true",
        "https://ghcr.io, https://GHCR.io/token, true",
        "https://ghcr.io, https://auth.ghcr.io/token, true",
        "https://ghcr.io, https://ghcr.io:8443/token, false",
        "https://ghcr.io, https://evil-ghcr.io/token, false",
        "https://ghcr.io, http://ghcr.io/token, false",
        "https://acme.azurecr.io, https://acme.azurecr.io/oauth2/token, true",
        "https://acme.azurecr.io, https://evil.azurecr.io/oauth2/token, false",
        "https://acme.azurecr.io, https://azurecr.io/oauth2/token, false",
        "https://registry-1.docker.io, https://auth.docker.io/token, true",
        "https://registry-1.docker.io, https://auth.docker.io:444/token, false",
        "https://registry.gitlab.com, https://gitlab.com/jwt/auth, true",
        "https://registry.example:5000, https://registry.example:5000/auth, true",
        "https://registry.example:5000, https://registry.example/auth, false",
        "http://127.0.0.1:5000, http://127.0.0.1:5000/auth, true",
        "http://127.0.0.1:5000, http://127.0.0.1:5001/auth, false",
    })
    void aTokenServerIsTheRegistrysOwnOrAKnownOne(URI registry, URI realm, boolean trusted) {
        var objection = Policy.STANDARD.objectionToRealm(Origin.of(registry), realm);
        assertThat(objection.isEmpty()).isEqualTo(trusted);
    }

    @Test
    void aTokenServerCanBeTrustedByName() {
        var policy = Policy.STANDARD.trusting("registry.corp.example", "login.corp.example");
        var registry = Origin.of(URI.create("https://registry.corp.example"));
        assertThat(policy.objectionToRealm(registry, URI.create("https://login.corp.example/t")))
                .isEmpty();
        assertThat(policy.objectionToRealm(registry, URI.create("http://login.corp.example/t")))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "https://ghcr.io, https://cdn.example/blob?sig=1, true",
        "https://ghcr.io, http://cdn.example/blob, false",
        "https://ghcr.io, https://169.254.169.254/x, false",
        "https://ghcr.io, https://2852039166/x, false",
        "https://ghcr.io, https://0xa9fea9fe/x, false",
        "https://ghcr.io, https://0xa9.254.169.254/x, false",
        "https://ghcr.io, https://127.1/x, false",
        "https://ghcr.io, https://[::1]/x, false",
        "https://ghcr.io, https://[::ffff:10.0.0.1]/x, false",
        "https://ghcr.io, https://localhost/x, false",
        "https://ghcr.io, https://me@cdn.example/x, false",
        "https://10.0.0.1:5000, https://10.0.0.1:5000/x, true",
        "https://10.0.0.1:5000, https://10.0.0.2:5000/x, false",
        "http://127.0.0.1:5000, http://127.0.0.1:5001/x, true",
        "http://127.0.0.1:5000, http://10.0.0.1/x, false",
        "http://127.0.0.1:5000, https://10.0.0.1/x, false",
    })
    void aDownloadMayBeElsewhereButNotInside(URI registry, URI target, boolean fine) {
        var objection = Policy.STANDARD.objectionToRedirect(Origin.of(registry), target);
        assertThat(objection.isEmpty()).as(objection.orElse("")).isEqualTo(fine);
    }

    @Test
    void bearerIsPreferredAndTheRestOfTheHeaderUnderstood() {
        var challenge =
                Challenge.best(
                        List.of(
                                "Negotiate, Basic realm=\"a, b\", charset=UTF-8",
                                "Bearer realm=\"https://x/y?a=b,c\",service=\"s \\\"q\\\"\",error=e"));
        assertThat(challenge)
                .contains(
                        new Challenge(
                                "bearer",
                                Map.of(
                                        "realm", "https://x/y?a=b,c",
                                        "service", "s \"q\"",
                                        "error", "e")));
        assertThat(Challenge.best(List.of("Negotiate", "x".repeat(5000), "=,=,\"", ""))).isEmpty();
        assertThat(Challenge.best(List.of("Basic")).map(Challenge::scheme)).contains("basic");
    }
}
