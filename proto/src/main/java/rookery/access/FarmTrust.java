package rookery.access;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Date;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import rookery.oci.Digest;

/// Trusts one farm: servers whose chain ends at its authority, at the clock that it was given, and
/// whose certificate names the host that was dialled.
public final class FarmTrust extends X509ExtendedTrustManager {
    private final Digest authority;
    private final InstantSource clock;
    private final AtomicReference<Optional<String>> refusal =
            new AtomicReference<>(Optional.empty());

    /// @param authority the SHA-256 of its certificate, which every server must show
    public FarmTrust(Digest authority, InstantSource clock) {
        this.authority = authority;
        this.clock = clock;
    }

    /// Why the last server was refused.
    Optional<String> refusal() {
        return refusal.get();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, manager -> manager.checkServerTrusted(chain, authType, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, manager -> manager.checkServerTrusted(chain, authType, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        check(chain, manager -> manager.checkServerTrusted(chain, authType));
    }

    private void check(X509Certificate[] chain, Check check) throws CertificateException {
        X509Certificate top = chain[chain.length - 1];
        Digest found = Credential.fingerprint(top);
        if (!found.equals(authority))
            throw refused(
                    "the server's authority has the fingerprint "
                            + found.hex()
                            + " and the farm's is "
                            + authority.hex()
                            + ": this is another farm, or somebody between; nothing was sent to it");
        Instant now = clock.instant();
        X509Certificate leaf = chain[0];
        if (now.isBefore(leaf.getNotBefore().toInstant())
                || now.isAfter(leaf.getNotAfter().toInstant()))
            throw refused(
                    "the server's certificate is valid from "
                            + leaf.getNotBefore().toInstant()
                            + " to "
                            + leaf.getNotAfter().toInstant()
                            + " and this machine's clock says "
                            + now
                            + "; set the clock, by NTP at best, and try again");
        try {
            check.by(at(top, now));
        } catch (CertificateException e) {
            throw refused(
                    "the server's certificate is refused: "
                            + e.getMessage()
                            + "; if this is the right host, start the coordinator with `--host` and the name or address that you dialled",
                    e);
        }
        refusal.set(Optional.empty());
    }

    private CertificateException refused(String sentence) {
        refusal.set(Optional.of(sentence));
        return new CertificateException(sentence);
    }

    private CertificateException refused(String sentence, Exception cause) {
        refusal.set(Optional.of(sentence));
        return new CertificateException(sentence, cause);
    }

    /// The JDK's own checks with one anchor, at a moment that need not be now.
    public static X509ExtendedTrustManager at(X509Certificate anchor, Instant moment)
            throws CertificateException {
        try {
            var parameters =
                    new PKIXBuilderParameters(
                            Collections.singleton(new TrustAnchor(anchor, null)),
                            new X509CertSelector());
            parameters.setRevocationEnabled(false); // the coordinator asks its own books instead
            parameters.setDate(Date.from(moment));
            var factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(new CertPathTrustManagerParameters(parameters));
            return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
        } catch (GeneralSecurityException e) {
            throw new CertificateException("this JDK cannot check a chain", e);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        throw new CertificateException("a client of a farm serves nobody");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    private interface Check {
        void by(X509ExtendedTrustManager manager) throws CertificateException;
    }
}
