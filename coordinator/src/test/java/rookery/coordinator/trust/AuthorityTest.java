package rookery.coordinator.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.access.JoinToken;
import rookery.access.Proof;
import rookery.access.Role;
import rookery.access.Subject;
import rookery.model.RookeryException;

/// The books, without a network.
class AuthorityTest {
    @TempDir Path directory;
    private final SetClock clock = new SetClock();
    private Authority authority;

    @BeforeEach
    void open() {
        authority = again();
    }

    private Authority again() {
        return Authority.open(
                new Authority.Config(
                        directory.resolve("trust"), List.of(), Authority.CERTIFICATE_LIFE, clock));
    }

    private void restart() {
        authority.close();
        authority = again();
    }

    @AfterEach
    void close() {
        authority.close();
    }

    private JoinToken token(Role role, String name) {
        return JoinToken.parse(
                authority.create(role, name, Authority.TOKEN_LIFE, "the test").text());
    }

    private X509Certificate join(JoinToken token, String name, KeyPair key) {
        return authority.join(
                token.id(),
                token.secret(),
                key.getPublic().getEncoded(),
                Proof.sign(key.getPrivate(), Proof.joining(token.id(), name, token.authority())),
                name);
    }

    private X509Certificate join(JoinToken token, String name) {
        return join(token, name, Proof.key());
    }

    @Test
    void aTokenMakesItsUserWhatItSays() {
        X509Certificate made = join(token(Role.AGENT, ""), "builder-1");
        assertThat(Subject.of(made)).contains(new Subject(Role.AGENT, "builder-1"));
        assertThat(authority.admit(made).toString()).isEqualTo("agent builder-1");
        assertThat(made.getNotBefore().toInstant())
                .isEqualTo(SetClock.T0.minus(Duration.ofMinutes(5)));
    }

    @Test
    void aTokenServesOnce() {
        JoinToken token = token(Role.AGENT, "");
        join(token, "a1");
        assertThatThrownBy(() -> join(token, "a2"))
                .isInstanceOf(Refused.class)
                .hasMessage(
                        "the token "
                                + token.id()
                                + " was used at 2030-05-01T12:00:00Z by a1 and serves once; ask an admin for a new one: `rookery token create --role agent`");
    }

    @Test
    void aTokenThatManyUseAtOnceServesOneOfThem() throws Exception {
        JoinToken token = token(Role.AGENT, "");
        var asks = new ArrayList<Callable<X509Certificate>>();
        for (int i = 0; i < 16; i++) {
            KeyPair key = Proof.key();
            asks.add(() -> join(token, "a", key));
        }
        int served = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<X509Certificate> each : threads.invokeAll(asks)) {
                if (each.state() == Future.State.SUCCESS) served++;
                else assertThat(each.exceptionNow()).hasMessageContaining("serves once");
            }
        }
        assertThat(served).isEqualTo(1);
        assertThat(authority.certificates()).hasSize(1);
    }

    @Test
    void whoeverLostTheAnswerMayAskAgainWithTheSameKey() {
        JoinToken token = token(Role.AGENT, "");
        KeyPair key = Proof.key();
        X509Certificate lost = join(token, "a1", key);
        X509Certificate again = join(token, "a1", key);
        assertThat(again.getSerialNumber()).isNotEqualTo(lost.getSerialNumber());
        assertThat(authority.admit(again).name()).isEqualTo("a1");
    }

    @Test
    void aTokenEnds() {
        JoinToken token = token(Role.SUBMITTER, "");
        clock.pass(Authority.TOKEN_LIFE);
        assertThatThrownBy(() -> join(token, "ada"))
                .hasMessageContaining("ended at 2030-05-01T13:00:00Z")
                .hasMessageContaining("rookery token create --role submitter");
    }

    @Test
    void aRevokedTokenIsNoUse() {
        JoinToken token = token(Role.VIEWER, "");
        assertThat(authority.revokeToken(token.id())).isZero();
        assertThatThrownBy(() -> join(token, "ada")).hasMessageContaining("was revoked at");
    }

    @Test
    void aTokenTakesWhatCameOfItAlongWhenItIsRevoked() {
        JoinToken token = token(Role.AGENT, "");
        KeyPair key = Proof.key();
        X509Certificate first = join(token, "a1", key);
        KeyPair next = Proof.key();
        Caller caller = authority.admit(first);
        X509Certificate second =
                authority.renew(
                        caller,
                        next.getPublic().getEncoded(),
                        Proof.sign(next.getPrivate(), Proof.renewing(caller.serial())));
        assertThat(authority.revokeToken(token.id())).isEqualTo(2);
        assertThatThrownBy(() -> authority.admit(second)).hasMessageContaining("was revoked");
    }

    @Test
    void aWrongSecretLearnsNothingOfTheToken() {
        JoinToken token = token(Role.AGENT, "");
        var guessed = new JoinToken(token.id(), "A".repeat(43), token.authority());
        var unknown = new JoinToken("aaaaaaaa", "A".repeat(43), token.authority());
        String sentence =
                "the token is not one of this farm's; copy it whole, or ask an admin for one: `rookery token create --role ROLE`";
        assertThatThrownBy(() -> join(guessed, "a1")).hasMessage(sentence);
        assertThatThrownBy(() -> join(unknown, "a1")).hasMessage(sentence);
        assertThat(join(token, "a1")).isNotNull();
    }

    @Test
    void aProofByAnotherKeyIsRefused() {
        JoinToken token = token(Role.AGENT, "");
        byte[] what = Proof.joining(token.id(), "a1", token.authority());
        assertThatThrownBy(() ->
                        authority.join(
                                token.id(),
                                token.secret(),
                                Proof.key().getPublic().getEncoded(),
                                Proof.sign(Proof.key().getPrivate(), what),
                                "a1"))
                .hasMessageContaining("not made with the private key");
        assertThatThrownBy(() ->
                        authority.join(
                                token.id(), token.secret(), new byte[91], new byte[70], "a1"))
                .hasMessageContaining("the public key is none");
    }

    @Test
    void aTokenWithAnOpenNameTakesNobodysPlace() {
        X509Certificate victim = join(token(Role.AGENT, ""), "a1");
        assertThatThrownBy(() -> join(token(Role.AGENT, ""), "a1"))
                .hasMessageContaining("the name a1 has a certificate already")
                .hasMessageContaining("rookery token create --role agent --name a1");
        assertThat(authority.admit(victim).name()).isEqualTo("a1");
    }

    @Test
    void aTokenMadeForANameReplacesItsHolder() {
        X509Certificate old = join(token(Role.AGENT, ""), "a1");
        X509Certificate fresh = join(token(Role.AGENT, "a1"), "");
        assertThatThrownBy(() -> authority.admit(old)).hasMessageContaining("was revoked");
        assertThat(authority.admit(fresh).name()).isEqualTo("a1");
    }

    @Test
    void aTokenMadeForANameIsNobodyElses() {
        JoinToken token = token(Role.AGENT, "a1");
        assertThatThrownBy(() -> join(token, "a2"))
                .hasMessageContaining("is for a1 and not for a2");
        assertThatThrownBy(() -> join(token(Role.AGENT, ""), ""))
                .hasMessageContaining("say one with --name");
        assertThatThrownBy(() -> join(token(Role.AGENT, ""), "../etc\n"))
                .hasMessageContaining("'../etc?' is none");
    }

    @Test
    void whatWasSaidIsInTheBooksAfterARestart() {
        JoinToken open = token(Role.AGENT, "");
        JoinToken used = token(Role.AGENT, "");
        X509Certificate kept = join(used, "a1");
        X509Certificate revoked = join(token(Role.AGENT, ""), "a2");
        authority.revokeName("a2");
        var fingerprint = authority.fingerprint();
        restart();
        assertThat(authority.fingerprint()).isEqualTo(fingerprint);
        assertThat(authority.admit(kept).name()).isEqualTo("a1");
        assertThatThrownBy(() -> authority.admit(revoked)).hasMessageContaining("was revoked");
        assertThatThrownBy(() -> join(used, "a3")).hasMessageContaining("serves once");
        assertThat(join(open, "a3")).isNotNull();
    }

    @Test
    void aCertificateThatHasEndedCanBeRenewedForAWhile() {
        X509Certificate made = join(token(Role.SUBMITTER, ""), "ada");
        clock.pass(Duration.ofHours(25));
        assertThatThrownBy(() -> authority.admit(made))
                .hasMessageContaining("ended at 2030-05-02T12:00:00Z; renew it");
        assertThat(authority.admit(made, authority.grace()).name()).isEqualTo("ada");
        clock.pass(authority.grace());
        assertThatThrownBy(() -> authority.admit(made, authority.grace()))
                .hasMessageContaining("ask an admin for a new token and join again");
    }

    @Test
    void aCertificateThatTheBooksDoNotKnowIsRefused() throws IOException {
        X509Certificate made = join(token(Role.ADMIN, ""), "ada");
        authority.close();
        Files.delete(directory.resolve("trust/trust.db"));
        authority = again();
        assertThatThrownBy(() -> authority.admit(made))
                .hasMessageContaining("is not in this farm's books; join it again");
    }

    @Test
    void onlyItsOwnerMayReadTheKeyAndNobodysSecretIsWrittenDown() throws IOException {
        JoinToken token = token(Role.AGENT, "");
        Path trust = directory.resolve("trust");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(trust)))
                .isEqualTo("rwx------");
        Path key = trust.resolve("authority.pem");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        authority.close();
        try (var files = Files.list(trust)) {
            for (Path file : files.toList()) {
                assertThat(
                                new String(
                                        Files.readAllBytes(file),
                                        java.nio.charset.StandardCharsets.ISO_8859_1))
                        .doesNotContain(token.secret());
            }
        }
        authority = again();
        assertThat(token.toString()).doesNotContain(token.secret());
    }

    @Test
    void aKeyThatOthersMayReadIsNotUsed() throws IOException {
        Path key = directory.resolve("trust/authority.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(this::again)
                .isInstanceOf(RookeryException.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void booksWithoutTheirKeyAreNotGivenANewOne() throws IOException {
        authority.close();
        Files.delete(directory.resolve("trust/authority.pem"));
        assertThatThrownBy(this::again).hasMessageContaining("bring it back from a backup");
        Files.delete(directory.resolve("trust/trust.db"));
        authority = again();
    }

    @Test
    void theFirstAdminsTokenStaysTheSameUntilItIsUsed() {
        JoinToken first = authority.bootstrapToken().orElseThrow();
        restart();
        assertThat(authority.bootstrapToken()).contains(first);
        join(first, "ada");
        assertThat(directory.resolve("trust/admin-token")).doesNotExist();
        assertThat(authority.bootstrapToken()).isEmpty();
    }

    @Test
    void whenEveryAdminIsGoneTheNextStartMakesATokenAgain() {
        JoinToken first = authority.bootstrapToken().orElseThrow();
        join(first, "ada");
        authority.revokeName("ada");
        restart();
        JoinToken second = authority.bootstrapToken().orElseThrow();
        assertThat(second.id()).isNotEqualTo(first.id());
        clock.pass(Authority.BOOTSTRAP_LIFE);
        assertThat(authority.bootstrapToken().orElseThrow().id()).isNotEqualTo(second.id());
    }

    @Test
    void whoeverLostTheLastAdminsCertificateAsksWithAnEmptyFile() throws IOException {
        join(authority.bootstrapToken().orElseThrow(), "ada");
        Files.createFile(directory.resolve("trust/admin-token"));
        restart();
        JoinToken fresh = authority.bootstrapToken().orElseThrow();
        assertThat(authority.bootstrapToken()).contains(fresh);
        assertThat(authority.admit(join(fresh, "eve")).role()).isEqualTo(Role.ADMIN);
    }

    @Test
    void somethingThatRenewsInCirclesIsStopped() {
        X509Certificate made = join(token(Role.AGENT, ""), "a1");
        Caller caller = authority.admit(made);
        KeyPair key = Proof.key();
        byte[] proof = Proof.sign(key.getPrivate(), Proof.renewing(caller.serial()));
        for (int i = 1; i < Authority.CERTIFICATES_PER_NAME; i++)
            authority.renew(caller, key.getPublic().getEncoded(), proof);
        assertThatThrownBy(() -> authority.renew(caller, key.getPublic().getEncoded(), proof))
                .hasMessageContaining("renews in circles");
    }
}
