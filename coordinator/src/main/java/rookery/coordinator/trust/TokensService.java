package rookery.coordinator.trust;

import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.Instant;
import rookery.access.Role;
import rookery.v1.CertificateView;
import rookery.v1.CreateTokenRequest;
import rookery.v1.CreateTokenResponse;
import rookery.v1.ListCertificatesRequest;
import rookery.v1.ListCertificatesResponse;
import rookery.v1.ListTokensRequest;
import rookery.v1.ListTokensResponse;
import rookery.v1.RevokeRequest;
import rookery.v1.RevokeResponse;
import rookery.v1.TokenView;
import rookery.v1.TokensGrpc;

/// Who may join, and who may no longer stay; for admins.
final class TokensService extends TokensGrpc.TokensImplBase {
    /// Rows of one answer.
    private static final int ROWS = 10_000;

    private final Authority authority;

    TokensService(Authority authority) {
        this.authority = authority;
    }

    @Override
    public void create(CreateTokenRequest request, StreamObserver<CreateTokenResponse> answer) {
        EnrolmentService.answer(
                answer,
                () -> {
                    Role role =
                            Role.of(request.getRole())
                                    .orElseThrow(() ->
                                            new Refused(
                                                    Refused.Kind.MALFORMED,
                                                    "a token's role is agent, submitter, viewer or admin"));
                    Duration lifetime =
                            request.getLifetimeMs() == 0
                                    ? Authority.TOKEN_LIFE
                                    : Duration.ofMillis(request.getLifetimeMs());
                    String by = Callers.current().map(Caller::toString).orElse("the owner");
                    Authority.NewToken made =
                            authority.create(role, request.getName(), lifetime, by);
                    return CreateTokenResponse.newBuilder()
                            .setToken(made.text())
                            .setView(view(made.token(), authority.now()))
                            .build();
                });
    }

    @Override
    public void list(ListTokensRequest request, StreamObserver<ListTokensResponse> answer) {
        EnrolmentService.answer(
                answer,
                () -> {
                    Instant now = authority.now();
                    return ListTokensResponse.newBuilder()
                            .addAllTokens(
                                    authority.tokens().stream()
                                            .limit(ROWS)
                                            .map(t -> view(t, now))
                                            .toList())
                            .build();
                });
    }

    @Override
    public void listCertificates(
            ListCertificatesRequest request, StreamObserver<ListCertificatesResponse> answer) {
        EnrolmentService.answer(
                answer,
                () -> {
                    Instant now = authority.now();
                    return ListCertificatesResponse.newBuilder()
                            .addAllCertificates(
                                    authority.certificates().stream()
                                            .limit(ROWS)
                                            .map(c -> view(c, now))
                                            .toList())
                            .build();
                });
    }

    @Override
    public void revoke(RevokeRequest request, StreamObserver<RevokeResponse> answer) {
        EnrolmentService.answer(
                answer,
                () -> {
                    int ended =
                            switch (request.getWhatCase()) {
                                case TOKEN -> authority.revokeToken(request.getToken());
                                case NAME -> authority.revokeName(request.getName());
                                case SERIAL -> authority.revokeSerial(request.getSerial());
                                case WHAT_NOT_SET ->
                                        throw new Refused(
                                                Refused.Kind.MALFORMED,
                                                "say what to revoke: a token, a name or a serial number");
                            };
                    return RevokeResponse.newBuilder().setCertificates(ended).build();
                });
    }

    private static TokenView view(Token token, Instant now) {
        return TokenView.newBuilder()
                .setId(token.id())
                .setRole(token.role().word())
                .setName(token.name())
                .setCreatedMs(token.created().toEpochMilli())
                .setExpiresMs(token.expires().toEpochMilli())
                .setCreatedBy(token.createdBy())
                .setState(token.state(now))
                .setUsedBy(token.usedBy())
                .build();
    }

    private static CertificateView view(Issued issued, Instant now) {
        return CertificateView.newBuilder()
                .setSerial(issued.serial())
                .setRole(issued.role().word())
                .setName(issued.name())
                .setNotBeforeMs(issued.notBefore().toEpochMilli())
                .setNotAfterMs(issued.notAfter().toEpochMilli())
                .setToken(issued.token())
                .setState(issued.state(now))
                .build();
    }
}
