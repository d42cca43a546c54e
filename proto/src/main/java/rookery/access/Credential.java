package rookery.access;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import rookery.oci.Digest;

/// A private key, the certificate of its public one, and the authority that signed it.
public record Credential(PrivateKey key, X509Certificate certificate, X509Certificate authority) {
    public Credential {
        if (!(certificate.getPublicKey() instanceof ECPublicKey))
            throw new IllegalArgumentException("a credential's key is an EC key");
        byte[] probe = {1};
        try {
            certificate.verify(authority.getPublicKey());
            var check = java.security.Signature.getInstance("SHA256withECDSA");
            check.initVerify(certificate.getPublicKey());
            check.update(probe);
            if (!check.verify(Proof.sign(key, probe)))
                throw new IllegalArgumentException("the certificate is not this key's");
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "the certificate is not signed by the authority beside it: " + e.getMessage(),
                    e);
        }
    }

    /// Hexadecimal.
    public String serial() {
        return certificate.getSerialNumber().toString(16);
    }

    public Instant notBefore() {
        return certificate.getNotBefore().toInstant();
    }

    public Instant notAfter() {
        return certificate.getNotAfter().toInstant();
    }

    /// The SHA-256 of the authority's certificate, as tokens name it.
    public Digest fingerprint() {
        return fingerprint(authority);
    }

    /// When two thirds of its life are over: time for the next.
    public Instant due() {
        Duration life = Duration.between(notBefore(), notAfter());
        return notBefore().plus(life.multipliedBy(2).dividedBy(3));
    }

    static Digest fingerprint(X509Certificate certificate) {
        try {
            return Digest.of(certificate.getEncoded());
        } catch (java.security.cert.CertificateEncodingException e) {
            throw new IllegalArgumentException("a certificate that has no bytes", e);
        }
    }

    /// With the certificates, from the leaf up, as TLS shows them.
    X509Certificate[] chain() {
        return new X509Certificate[] {certificate, authority};
    }

    /// Without the key.
    @Override
    public String toString() {
        return "certificate " + serial() + " until " + notAfter();
    }

    boolean isOf(X509Certificate other) {
        return Arrays.equals(
                authority.getPublicKey().getEncoded(), other.getPublicKey().getEncoded());
    }
}
