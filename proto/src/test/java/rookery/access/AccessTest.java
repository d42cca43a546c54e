package rookery.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rookery.model.RookeryException;
import rookery.oci.Digest;

class AccessTest {
    private static final Digest FARM = new Digest("a".repeat(64));

    @Test
    void aTokenIsReadAsItWasPrinted() {
        var token = new JoinToken("kx3mbe7q", "s".repeat(43), FARM);
        assertThat(JoinToken.parse(" " + token.text() + "\n")).isEqualTo(token);
        assertThat(token.toString()).isEqualTo("token kx3mbe7q");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "kx3mbe7q",
                "kx3mbe7q.secret.0",
                "KX3MBE7Q.sssssssssssssssssssssssssssssssssssssssssss.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "kx3mbe7q.ssss.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void whatIsNoTokenIsRefusedWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> JoinToken.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("copy it whole")
                .hasMessageNotContaining("secret.");
    }

    @ParameterizedTest
    @CsvSource({
        "https://farm.example.org, https://farm.example.org:7601",
        "HTTPS://farm.example.org:1/, https://farm.example.org:1",
        "http://127.0.0.1, http://127.0.0.1:7601",
        "https://[::1]:7, https://[::1]:7"
    })
    void aFarmsAddressGetsItsPort(String text, String address) {
        assertThat(Channels.address(text)).hasToString(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "farm.example.org",
                "farm.example.org:7601",
                "ftp://farm.example.org",
                "https://",
                "https://user@farm.example.org",
                "https://farm.example.org/path",
                "https://farm.example.org?x",
                "https://a b"
            })
    void whatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> Channels.address(text))
                .isInstanceOf(RookeryException.class)
                .hasMessageContaining("write https://HOST:7601");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "-a", "a b", "a/b", "a\n", "ä", "a,O=admin"})
    void whatIsNoNameIsRefused(String name) {
        assertThatThrownBy(() -> new Subject(Role.AGENT, name))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aProofIsOfOneKeyAndOneThing() throws GeneralSecurityException {
        KeyPair key = Proof.key();
        byte[] what = Proof.joining("kx3mbe7q", "a1", FARM);
        byte[] proof = Proof.sign(key.getPrivate(), what);
        byte[] shown = key.getPublic().getEncoded();
        assertThat(Proof.check(shown, proof, what)).isEqualTo(key.getPublic());
        assertThatThrownBy(() -> Proof.check(shown, proof, Proof.joining("kx3mbe7q", "a2", FARM)))
                .hasMessageContaining("not made with the private key");
        assertThatThrownBy(() -> Proof.check(shown, new byte[0], what))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Proof.check(new byte[4096], proof, what))
                .hasMessageContaining("has 91 bytes, not 4096");
        var other = KeyPairGenerator.getInstance("EC");
        other.initialize(384);
        byte[] large = other.generateKeyPair().getPublic().getEncoded();
        assertThatThrownBy(() -> Proof.check(large, proof, what))
                .hasMessageContaining("another curve than P-256");
    }

    @Test
    void aSecretIsItsOwnersAloneFromTheFirstByteOn(@TempDir Path directory) throws IOException {
        Path home = directory.resolve("a/b");
        OwnerOnly.directory(home);
        Path file = home.resolve("secret");
        OwnerOnly.write(file, new byte[] {1});
        OwnerOnly.write(file, new byte[] {2});
        assertThat(OwnerOnly.read(file)).containsExactly(2);
        try (var files = Files.list(home)) {
            assertThat(files).containsExactly(file);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> OwnerOnly.read(file))
                .isInstanceOf(RookeryException.class)
                .hasMessageContaining("rw-r-----")
                .hasMessageContaining("chmod 600");
    }
}
