package rookery.access;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusException;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import rookery.model.Blame;
import rookery.model.RookeryException;
import rookery.v1.Enrolled;
import rookery.v1.EnrolmentGrpc;
import rookery.v1.JoinRequest;
import rookery.wire.Protocol;

/// Turns a one-time token into an identity.
///
/// The farm proves itself first: unless the chain that it shows ends at the authority that the
/// token names, the TLS handshake fails and the secret never leaves this machine. Then the token, a
/// new public key and a proof go out, and a certificate comes back. An answer that gets lost does
/// no harm: the same key may ask again.
public final class Join {
    /// How often a lost answer is asked for.
    private static final int TRIES = 3;

    private static final Duration ANSWER = Duration.ofSeconds(20);

    private Join() {}

    /// Joins and writes the identity to the directory, over one that was there.
    ///
    /// @param name what this program is to be called; empty: as the token says
    /// @throws RookeryException with blame SPEC when the farm is another one or says no, UPSTREAM
    ///   when it does not answer, HOST when the identity cannot be written
    public static Identity join(
            URI farm, JoinToken token, String name, Path directory, InstantSource clock) {
        var trust = new FarmTrust(token.authority(), clock);
        KeyPair key = Proof.key();
        var request =
                JoinRequest.newBuilder()
                        .setTokenId(token.id())
                        .setSecret(token.secret())
                        .setName(name)
                        .setPublicKey(ByteString.copyFrom(key.getPublic().getEncoded()))
                        .setProof(
                                ByteString.copyFrom(
                                        Proof.sign(
                                                key.getPrivate(),
                                                Proof.joining(
                                                        token.id(), name, token.authority()))))
                        .setProtocolVersion(Protocol.CURRENT)
                        .build();
        ManagedChannel channel = Channels.tls(farm, Tls.context(null, trust));
        try {
            Credential credential = credential(key, ask(farm, channel, request, trust), farm);
            if (!credential.fingerprint().equals(token.authority()))
                throw new RookeryException(
                        Blame.UPSTREAM,
                        "the farm "
                                + farm
                                + " signed with another authority than the token names; ask its admin for a new token");
            var identity = new Identity(directory, farm, credential, clock);
            identity.save();
            return identity;
        } finally {
            channel.shutdownNow();
        }
    }

    private static Enrolled ask(
            URI farm, ManagedChannel channel, JoinRequest request, FarmTrust trust) {
        for (int tries = 1; ; tries++) {
            try {
                return EnrolmentGrpc.newBlockingV2Stub(channel)
                        .withDeadlineAfter(ANSWER.toMillis(), TimeUnit.MILLISECONDS)
                        .join(request);
            } catch (StatusException e) {
                if (trust.refusal().isPresent())
                    throw new RookeryException(
                            Blame.SPEC,
                            "joining " + farm + " stopped: " + trust.refusal().get(),
                            e);
                if (e.getStatus().getCode() != Status.Code.UNAVAILABLE || tries == TRIES)
                    throw Refusals.of("joining", farm, e);
            }
        }
    }

    static Credential credential(KeyPair key, Enrolled answer, URI farm) {
        try {
            return new Credential(
                    key.getPrivate(),
                    Pem.certificate(answer.getCertificate().toByteArray()),
                    Pem.certificate(answer.getAuthority().toByteArray()));
        } catch (IllegalArgumentException e) {
            throw new RookeryException(
                    Blame.UPSTREAM,
                    "the farm " + farm + " answered with no usable certificate: " + e.getMessage(),
                    e);
        }
    }
}
