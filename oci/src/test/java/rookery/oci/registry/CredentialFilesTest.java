package rookery.oci.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rookery.oci.registry.Credentials.Login;

class CredentialFilesTest {
    private static final Reference APP = Reference.parse("ghcr.io/acme/app");

    @TempDir Path dir;
    private final Map<String, String> env = new TreeMap<>();

    private void write(String file, String json) throws IOException {
        Path path = dir.resolve(file);
        Files.createDirectories(path.resolveSibling("."));
        Files.writeString(path, json.replace('\'', '"'));
    }

    private static String auth(String user) {
        return Base64.getEncoder().encodeToString((user + ":p:w").getBytes(StandardCharsets.UTF_8));
    }

    private Optional<Login> find(Reference repository) throws IOException, InterruptedException {
        return CredentialFiles.of(env, dir).find(repository);
    }

    private String user(Reference repository) throws IOException, InterruptedException {
        return find(repository)
                .map(login ->
                        switch (login) {
                            case Login.Password(var user, var password, _) -> user + "/" + password;
                            case Login.IdentityToken(var token, _) -> "token " + token;
                        })
                .orElse("nobody");
    }

    @Test
    void withoutFilesWeAreNobody() throws Exception {
        assertThat(user(APP)).isEqualTo("nobody");
    }

    @Test
    void filesAreAskedInPodmansOrder() throws Exception {
        write("docker/config.json", "{'auths':{'ghcr.io':{'auth':'" + auth("docker") + "'}}}");
        write(".docker/config.json", "{'auths':{'ghcr.io':{'auth':'" + auth("home") + "'}}}");
        assertThat(user(APP)).isEqualTo("home/p:w");
        env.put("DOCKER_CONFIG", dir.resolve("docker").toString());
        assertThat(user(APP)).isEqualTo("docker/p:w");
        write(
                ".config/containers/auth.json",
                "{'auths':{'ghcr.io':{'auth':'" + auth("config") + "'}}}");
        assertThat(user(APP)).isEqualTo("config/p:w");
        write("run/containers/auth.json", "{'auths':{'ghcr.io':{'auth':'" + auth("run") + "'}}}");
        env.put("XDG_RUNTIME_DIR", dir.resolve("run").toString());
        assertThat(user(APP)).isEqualTo("run/p:w");
        env.put("REGISTRY_AUTH_FILE", dir.resolve("only.json").toString());
        assertThat(user(APP)).isEqualTo("nobody");
        write("only.json", "{'auths':{'ghcr.io':{'auth':'" + auth("only") + "'}}}");
        assertThat(user(APP)).isEqualTo("only/p:w");
    }

    @Test
    void theMostSpecificEntryWins() throws Exception {
        write(
                ".docker/config.json",
                "{'auths':{'ghcr.io':{'auth':'"
                        + auth("host")
                        + "'},'ghcr.io/acme':{'auth':'"
                        + auth("acme")
                        + "'},'https://old.example/v1/':{'auth':'"
                        + auth("old")
                        + "'},'https://index.docker.io/v1/':{'auth':'"
                        + auth("hub")
                        + "'},'empty.example':{}}}");
        assertThat(user(APP)).isEqualTo("acme/p:w");
        assertThat(user(Reference.parse("ghcr.io/acmeevil/app"))).isEqualTo("host/p:w");
        assertThat(user(Reference.parse("old.example/a"))).isEqualTo("old/p:w");
        assertThat(user(Reference.parse("docker.io/acme/app"))).isEqualTo("hub/p:w");
        assertThat(user(Reference.parse("empty.example/a"))).isEqualTo("nobody");
        assertThat(user(Reference.parse("ghcr.io:444/acme/app"))).isEqualTo("nobody");
        assertThat(user(Reference.parse("evil.example/ghcr.io/acme"))).isEqualTo("nobody");
    }

    @Test
    void anIdentityTokenComesBeforeAPassword() throws Exception {
        write(
                ".docker/config.json",
                "{'auths':{'ghcr.io':{'auth':'" + auth("x") + "','identitytoken':'refresh'}}}");
        assertThat(user(APP)).isEqualTo("token refresh");
    }

    @Test
    void aHelperIsAskedThroughStandardInput() throws Exception {
        helper(
                "test",
                "read -r s || true; printf '{\"Username\":\"u-%s\",\"Secret\":\"x\"}' \"$s\"");
        write(".docker/config.json", "{'credHelpers':{'ghcr.io':'test'}}");
        assertThat(user(APP)).isEqualTo("u-ghcr.io/x");
        write(".docker/config.json", "{'credsStore':'test'}");
        assertThat(user(APP)).isEqualTo("u-ghcr.io/x");
        assertThat(user(Reference.parse("docker.io/a/b")))
                .isEqualTo("u-https://index.docker.io/v1//x");
    }

    @Test
    void aHelperThatKnowsNothingMeansNobody() throws Exception {
        helper("test", "echo 'credentials not found in native keychain'; exit 1");
        write(".docker/config.json", "{'credsStore':'test'}");
        assertThat(user(APP)).isEqualTo("nobody");
    }

    @Test
    void aHelpersTokenIsAnIdentityToken() throws Exception {
        helper("test", "echo '{\"Username\":\"<token>\",\"Secret\":\"r\"}'");
        write(".docker/config.json", "{'credsStore':'test'}");
        assertThat(user(APP)).isEqualTo("token r");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit 3", "echo '{}'", "echo nonsense", "head -c 300000 /dev/zero"})
    void aHelperThatFailsIsNamed(String script) throws Exception {
        helper("test", script);
        write(".docker/config.json", "{'credsStore':'test'}");
        assertThatThrownBy(() -> find(APP))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("docker-credential-test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "/bin/sh", "-x", "absent", "a b"})
    void aHelperIsAPlainNameInPath(String name) throws Exception {
        env.put("PATH", dir.toString());
        write(".docker/config.json", "{'credsStore':'" + name + "'}");
        assertThatThrownBy(() -> find(APP)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "{'auths':{'ghcr.io':{'auth':'s3cr3t!'}}}",
                "{'auths':{'ghcr.io':{'auth':'czNjcjN0'}}}",
            })
    void aBrokenFileIsNamedWithoutItsSecrets(String json) throws Exception {
        write(".docker/config.json", json);
        assertThatThrownBy(() -> find(APP))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(".docker/config.json")
                .hasMessageContaining("log in again")
                .hasMessageNotContaining("s3cr3t");
    }

    @Test
    void aLoginDoesNotPrintItsSecret() {
        assertThat(new Login.Password("me", "s3cr3t", "a file").toString())
                .doesNotContain("s3cr3t")
                .contains("a file");
        assertThat(new Login.IdentityToken("s3cr3t", "a file").toString()).doesNotContain("s3cr3t");
    }

    private void helper(String name, String script) throws IOException {
        Path file = dir.resolve("docker-credential-" + name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        env.put("PATH", dir + ":/usr/bin:/bin");
    }
}
