package rookery.coordinator.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.access.Channels;
import rookery.access.Credential;
import rookery.access.FarmTrust;
import rookery.access.Identity;
import rookery.access.Join;
import rookery.access.JoinToken;
import rookery.access.Renewal;
import rookery.access.Role;
import rookery.access.Subject;
import rookery.model.RookeryException;
import rookery.v1.CreateTokenRequest;
import rookery.v1.EnrolmentGrpc;
import rookery.v1.GetJobRequest;
import rookery.v1.JobsGrpc;
import rookery.v1.JoinRequest;
import rookery.v1.ListCertificatesRequest;
import rookery.v1.ListTokensRequest;
import rookery.v1.RevokeRequest;
import rookery.v1.TokensGrpc;

/// Joining, renewing and revoking over real TLS on loopback.
class EnrolmentTest {
    @TempDir Path directory;
    private final StubAgents agents = new StubAgents();
    private TestFarm farm;

    @BeforeEach
    void start() {
        farm = new TestFarm(directory, agents, new StubJobs());
    }

    @AfterEach
    void stop() {
        farm.close();
    }

    private static Status status(Throwable error) {
        return Status.fromThrowable(error);
    }

    @Test
    void aTokenBecomesAnIdentityThatStaysOnDisk() throws Exception {
        Identity joined = farm.join(Role.SUBMITTER, "ada");
        assertThat(joined.subject()).isEqualTo(new Subject(Role.SUBMITTER, "ada"));
        Path home = directory.resolve("of-ada");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home)))
                .isEqualTo("rwx------");
        Identity loaded = Identity.load(home, farm.clock).orElseThrow();
        assertThat(loaded.farm()).isEqualTo(farm.uri());
        var jobs = JobsGrpc.newBlockingV2Stub(farm.channel(loaded));
        assertThat(jobs.get(GetJobRequest.getDefaultInstance()).getProject())
                .isEqualTo("submitter ada");
        assertThat(Identity.load(directory.resolve("nobody"), farm.clock)).isEmpty();
    }

    @Test
    void aDamagedIdentityIsToldWithItsRemedy() throws Exception {
        farm.join(Role.SUBMITTER, "ada");
        Path home = directory.resolve("of-ada");
        Path file = home.resolve("identity.pem");
        Files.writeString(file, Files.readString(file).substring(0, 300));
        assertThatThrownBy(() -> Identity.load(home, farm.clock))
                .hasMessageContaining("delete the file and join the farm again");
    }

    @Test
    void aFarmWithAnotherFingerprintNeverSeesTheSecret() throws Exception {
        JoinToken token = farm.token(Role.AGENT, "");
        try (var other = new TestFarm(directory.resolve("other"));
                var between = new RecordingServer(other.authority.serverContext())) {
            Path home = directory.resolve("a1");
            assertThatThrownBy(() -> Join.join(between.uri(), token, "a1", home, farm.clock))
                    .isInstanceOf(RookeryException.class)
                    .hasMessageContaining("the server's authority has the fingerprint")
                    .hasMessageContaining("nothing was sent to it");
            assertThat(between.heard()).isZero();
            assertThat(home).doesNotExist();
            // With the fingerprint that it has, the same server would have heard something.
            JoinToken its = other.token(Role.AGENT, "");
            assertThatThrownBy(() -> Join.join(between.uri(), its, "a1", home, farm.clock))
                    .isInstanceOf(RookeryException.class);
            assertThat(between.heard()).isPositive();
        }
    }

    @Test
    void aHostThatTheCertificateDoesNotNameIsToldWithItsRemedy() throws Exception {
        JoinToken token = farm.token(Role.AGENT, "");
        var elsewhere =
                new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), 0);
        try (var server = FarmServer.start(elsewhere, farm.authority, List.of())) {
            URI other = URI.create("https://127.0.0.2:" + server.port());
            assertThatThrownBy(() ->
                            Join.join(other, token, "a1", directory.resolve("a1"), farm.clock))
                    .hasMessageContaining("start the coordinator with `--host`");
        }
    }

    @Test
    void aClockThatIsFarOffIsTold() {
        JoinToken token = farm.token(Role.AGENT, "");
        var late = new SetClock();
        late.pass(Duration.ofDays(-2));
        assertThatThrownBy(() -> Join.join(farm.uri(), token, "a1", directory.resolve("a1"), late))
                .hasMessageContaining(
                        "this machine's clock says 2030-04-29T12:00:00Z; set the clock");
        late.pass(Duration.ofDays(2).minus(Duration.ofMinutes(4)));
        assertThat(Join.join(farm.uri(), token, "a1", directory.resolve("a1"), late)).isNotNull();
    }

    @Test
    void aUsedTokenIsRefusedInWords() {
        JoinToken token = farm.token(Role.AGENT, "");
        Join.join(farm.uri(), token, "a1", directory.resolve("a1"), farm.clock);
        assertThatThrownBy(() ->
                        Join.join(farm.uri(), token, "a2", directory.resolve("a2"), farm.clock))
                .isInstanceOf(RookeryException.class)
                .hasMessageContaining("was refused: the token " + token.id() + " was used at");
    }

    @Test
    void nobodyListeningIsTold() throws Exception {
        JoinToken token = farm.token(Role.AGENT, "");
        URI gone = farm.uri();
        farm.server.close();
        assertThatThrownBy(() -> Join.join(gone, token, "a1", directory.resolve("a1"), farm.clock))
                .hasMessageContaining("got no answer")
                .hasMessageContaining("is the coordinator running");
    }

    @Test
    void aJoinerOfALaterProtocolIsToldToUpgradeTheCoordinator() {
        JoinToken token = farm.token(Role.AGENT, "");
        Identity ada = farm.join(Role.VIEWER, "ada");
        assertThatThrownBy(() ->
                        EnrolmentGrpc.newBlockingV2Stub(farm.channel(ada))
                                .join(
                                        JoinRequest.newBuilder()
                                                .setTokenId(token.id())
                                                .setProtocolVersion(999)
                                                .setName("a1")
                                                .build()))
                .satisfies(e ->
                        assertThat(status(e).getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION))
                .hasMessageContaining("upgrade the coordinator");
    }

    @Test
    void aRenewalIsUsedByNewCallsWhileAStreamGoesOn() throws Exception {
        Identity agent = farm.join(Role.AGENT, "a1");
        ManagedChannel channel = farm.channel(agent);
        StubAgents.Conversation stream = agents.talk(channel);
        stream.say("a1");
        stream.awaitAnswer();
        String before = agent.credential().serial();
        farm.clock.pass(Duration.ofHours(17));
        Renewal.ifDue(agent);
        assertThat(agent.credential().serial()).isNotEqualTo(before);
        stream.say("a1");
        stream.awaitAnswer();
        assertThat(agents.serials).last().isEqualTo(before);
        StubAgents.Conversation next = agents.talk(channel);
        next.say("a1");
        next.awaitAnswer();
        assertThat(agents.serials).last().isEqualTo(agent.credential().serial());
        // The old stream ends with its certificate; the new one goes on.
        farm.clock.pass(Duration.ofHours(8));
        stream.say("a1");
        assertThat(stream.end().getDescription()).contains("connect again with the renewed one");
        next.say("a1");
        next.awaitAnswer();
    }

    @Test
    void theRenewedIdentityIsTheOneOnDisk() {
        Identity ada = farm.join(Role.SUBMITTER, "ada");
        Renewal.now(ada);
        Identity loaded = Identity.load(directory.resolve("of-ada"), farm.clock).orElseThrow();
        assertThat(loaded.credential().serial()).isEqualTo(ada.credential().serial());
    }

    @Test
    void anExpiredCertificateIsRefusedInWordsAndMayStillRenew() throws Exception {
        Identity ada = farm.join(Role.SUBMITTER, "ada");
        ManagedChannel channel = farm.channel(ada);
        farm.clock.pass(Duration.ofHours(30));
        var jobs = JobsGrpc.newBlockingV2Stub(channel);
        assertThatThrownBy(() -> jobs.get(GetJobRequest.getDefaultInstance()))
                .satisfies(
                        e -> assertThat(status(e).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED))
                .hasMessageContaining("ended at 2030-05-02T12:00:00Z; renew it");
        Renewal.ifDue(ada);
        assertThat(jobs.get(GetJobRequest.getDefaultInstance()).getProject())
                .isEqualTo("submitter ada");
    }

    @Test
    void theServersOwnCertificateIsRenewedWithoutARestart() throws Exception {
        Identity ada = farm.join(Role.SUBMITTER, "ada");
        for (int day = 1; day <= 5; day++) {
            farm.clock.pass(Duration.ofHours(20));
            Renewal.now(ada);
            ManagedChannel fresh = farm.channel(ada);
            assertThat(
                            JobsGrpc.newBlockingV2Stub(fresh)
                                    .get(GetJobRequest.getDefaultInstance())
                                    .getProject())
                    .isEqualTo("submitter ada");
        }
    }

    @Test
    void revokingEndsOpenCallsAndRefusesNewOnes() throws Exception {
        Identity agent = farm.join(Role.AGENT, "a1");
        Identity admin = farm.join(Role.ADMIN, "root");
        ManagedChannel channel = farm.channel(agent);
        StubAgents.Conversation stream = agents.talk(channel);
        stream.say("a1");
        stream.awaitAnswer();
        var tokens = TokensGrpc.newBlockingV2Stub(farm.channel(admin));
        assertThat(
                        tokens.revoke(RevokeRequest.newBuilder().setName("a1").build())
                                .getCertificates())
                .isEqualTo(1);
        Status end = stream.end();
        assertThat(end.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        assertThat(end.getDescription()).contains("was revoked while this call was open");
        agents.awaitGone(); // the service heard that its caller went away
        StubAgents.Conversation again = agents.talk(channel);
        assertThat(again.end().getDescription()).contains("was revoked at");
        assertThatThrownBy(() -> Renewal.now(agent)).hasMessageContaining("was revoked at");
        assertThat(farm.server.openCalls()).isZero();
    }

    @Test
    void anAgentSpeaksForItselfAlone() throws Exception {
        Identity agent = farm.join(Role.AGENT, "a1");
        StubAgents.Conversation stream = agents.talk(farm.channel(agent));
        stream.say("a1");
        stream.awaitAnswer();
        stream.say("a2");
        Status end = stream.end();
        assertThat(end.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(end.getDescription())
                .startsWith("the certificate is of agent a1 and the message speaks as 'a2'");
        assertThat(agents.heard).containsExactly("a1");
    }

    @Test
    void withoutACertificateNothingButJoiningAndHealthIsAnswered() throws Exception {
        ManagedChannel channel = farm.stranger();
        assertThat(
                        HealthGrpc.newBlockingV2Stub(channel)
                                .check(HealthCheckRequest.getDefaultInstance())
                                .getStatus())
                .isEqualTo(ServingStatus.SERVING);
        assertThatThrownBy(() ->
                        JobsGrpc.newBlockingV2Stub(channel).get(GetJobRequest.getDefaultInstance()))
                .isInstanceOf(StatusException.class)
                .satisfies(
                        e -> assertThat(status(e).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED))
                .hasMessageContaining(
                        "rookery.v1.Jobs/Get needs a certificate and none was shown; join the farm first");
    }

    @Test
    void aCertificateOfAnotherFarmDoesNotGetIn() throws Exception {
        try (var other = new TestFarm(directory.resolve("other"))) {
            Identity stranger = other.join(Role.ADMIN, "mallory");
            ManagedChannel channel = farm.showing(stranger);
            assertThatThrownBy(() ->
                            JobsGrpc.newBlockingV2Stub(channel)
                                    .get(GetJobRequest.getDefaultInstance()))
                    .satisfies(e ->
                            assertThat(status(e).getCode()).isEqualTo(Status.Code.UNAVAILABLE));
        }
    }

    @Test
    void anAgentsCertificateIsNoServersAndAServersIsNoClients() throws Exception {
        X509Certificate ca = farm.authority.certificate();
        Credential agent = farm.join(Role.AGENT, "a1").credential();
        X509Certificate server =
                java.util.Objects.requireNonNull(
                        farm.authority
                                .serverKeys()
                                .getCertificateChain(
                                        farm.authority
                                                .serverKeys()
                                                .chooseEngineServerAlias("EC", null, null)))[0];
        X509ExtendedTrustManager trust = FarmTrust.at(ca, farm.clock.instant());
        X509Certificate[] agents = {agent.certificate(), ca};
        X509Certificate[] servers = {server, ca};
        trust.checkClientTrusted(agents, "UNKNOWN");
        trust.checkServerTrusted(servers, "UNKNOWN");
        assertThatThrownBy(() -> trust.checkServerTrusted(agents, "UNKNOWN"))
                .isInstanceOf(CertificateException.class);
        assertThatThrownBy(
                        () -> farm.authority.clientTrust().checkClientTrusted(servers, "UNKNOWN"))
                .isInstanceOf(CertificateException.class);
        // Not even the authority itself is let in: its certificate is in no books.
        assertThatThrownBy(() -> farm.authority.admit(ca))
                .hasMessageContaining("not in this farm's books");
    }

    @Test
    void adminsSeeTokensAndCertificates() throws Exception {
        Identity admin = farm.join(Role.ADMIN, "root");
        var tokens = TokensGrpc.newBlockingV2Stub(farm.channel(admin));
        var made =
                tokens.create(
                        CreateTokenRequest.newBuilder()
                                .setRole("agent")
                                .setName("a7")
                                .setLifetimeMs(60_000)
                                .build());
        assertThat(JoinToken.parse(made.getToken()).authority())
                .isEqualTo(farm.authority.fingerprint());
        assertThat(made.getView().getExpiresMs()).isEqualTo(SetClock.T0.toEpochMilli() + 60_000);
        var listed = tokens.list(ListTokensRequest.getDefaultInstance()).getTokensList();
        assertThat(listed)
                .anySatisfy(t -> {
                    assertThat(t.getName()).isEqualTo("a7");
                    assertThat(t.getState()).isEqualTo("open");
                    assertThat(t.getCreatedBy()).isEqualTo("admin root");
                });
        assertThat(
                        tokens.listCertificates(ListCertificatesRequest.getDefaultInstance())
                                .getCertificatesList())
                .singleElement()
                .satisfies(c -> assertThat(c.getState()).isEqualTo("valid"));
        assertThatThrownBy(
                        () -> tokens.create(CreateTokenRequest.newBuilder().setRole("god").build()))
                .hasMessageContaining("a token's role is agent, submitter, viewer or admin");
        assertThatThrownBy(
                        () -> tokens.revoke(RevokeRequest.newBuilder().setName("nobody").build()))
                .satisfies(e -> assertThat(status(e).getCode()).isEqualTo(Status.Code.NOT_FOUND))
                .hasMessageContaining("rookery token list --certificates");
    }

    @Test
    void nothingListensInTheOpenWithoutTls() throws Exception {
        assertThatThrownBy(() -> FarmServer.plaintext(new InetSocketAddress(0), List.of()))
                .hasMessageContaining("without TLS was refused: other machines could reach it");
        assertThatThrownBy(() -> Channels.plaintext(URI.create("http://192.0.2.1:7601")))
                .hasMessageContaining("nothing is said without TLS");
        try (var plain =
                FarmServer.plaintext(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        List.of(new StubJobs()))) {
            ManagedChannel channel =
                    Channels.plaintext(URI.create("http://127.0.0.1:" + plain.port()));
            assertThat(
                            JobsGrpc.newBlockingV2Stub(channel)
                                    .get(GetJobRequest.getDefaultInstance())
                                    .getProject())
                    .isEqualTo("the owner");
            channel.shutdownNow();
        }
    }

    @Test
    void aTakenPortIsTold() {
        var taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), farm.server.port());
        assertThatThrownBy(() -> FarmServer.start(taken, farm.authority, List.of()))
                .hasMessageContaining("the farm cannot listen on")
                .hasMessageContaining("--listen");
    }
}
