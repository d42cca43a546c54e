package rookery.coordinator.trust;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Supplier;
import rookery.access.Subject;
import rookery.model.RookeryException;
import rookery.v1.Enrolled;
import rookery.v1.EnrolmentGrpc;
import rookery.v1.JoinRequest;
import rookery.v1.RenewRequest;
import rookery.wire.Protocol;

/// Certificates for tokens and for certificates.
final class EnrolmentService extends EnrolmentGrpc.EnrolmentImplBase {
    private final Authority authority;

    EnrolmentService(Authority authority) {
        this.authority = authority;
    }

    @Override
    public void join(JoinRequest request, StreamObserver<Enrolled> answer) {
        answer(
                answer,
                () -> {
                    String who =
                            Subject.isName(request.getName()) ? request.getName() : "(unnamed)";
                    Optional<String> stranger =
                            Protocol.refusal(who, Protocol.read(request.getProtocolVersion()));
                    if (stranger.isPresent())
                        throw Status.FAILED_PRECONDITION
                                .withDescription(stranger.get())
                                .asRuntimeException();
                    return enrolled(
                            authority.join(
                                    request.getTokenId(),
                                    request.getSecret(),
                                    request.getPublicKey().toByteArray(),
                                    request.getProof().toByteArray(),
                                    request.getName()));
                });
    }

    @Override
    public void renew(RenewRequest request, StreamObserver<Enrolled> answer) {
        answer(
                answer,
                () ->
                        enrolled(
                                authority.renew(
                                        Callers.current()
                                                .orElseThrow(() ->
                                                        new Refused(
                                                                Refused.Kind.WHO,
                                                                "only who shows a certificate can renew it")),
                                        request.getPublicKey().toByteArray(),
                                        request.getProof().toByteArray())));
    }

    private Enrolled enrolled(X509Certificate certificate) {
        try {
            return Enrolled.newBuilder()
                    .setCertificate(ByteString.copyFrom(certificate.getEncoded()))
                    .setAuthority(ByteString.copyFrom(authority.certificate().getEncoded()))
                    .build();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was just made has no bytes", e);
        }
    }

    /// Answers with a value, or with the status of what kept it from being made.
    static <A> void answer(StreamObserver<A> answer, Supplier<A> make) {
        A made;
        try {
            made = make.get();
        } catch (RuntimeException e) {
            answer.onError(status(e));
            return;
        }
        answer.onNext(made);
        answer.onCompleted();
    }

    private static StatusRuntimeException status(RuntimeException e) {
        if (e instanceof StatusRuntimeException already) return already;
        if (e instanceof Refused refused) return refused.status().asRuntimeException();
        Status status =
                e instanceof RookeryException known
                        ? switch (known.blame()) {
                            case SPEC -> Status.INVALID_ARGUMENT;
                            case HOST, UPSTREAM -> Status.UNAVAILABLE;
                            case BUG -> Status.INTERNAL;
                        }
                        : Status.INTERNAL;
        return status.withDescription(String.valueOf(e.getMessage()))
                .withCause(e)
                .asRuntimeException();
    }
}
