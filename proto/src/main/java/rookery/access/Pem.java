package rookery.access;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A credential as text: key, certificate, authority, as every other tool writes them.
public final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile(
                    "-----BEGIN ([A-Z ]{1,30})-----\\s([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});
    private static final String KEY = "PRIVATE KEY";
    private static final String CERTIFICATE = "CERTIFICATE";

    private Pem() {}

    public static String write(Credential credential) {
        return block(KEY, credential.key().getEncoded())
                + write(credential.certificate())
                + write(credential.authority());
    }

    public static String write(X509Certificate certificate) {
        try {
            return block(CERTIFICATE, certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("a certificate that has no bytes", e);
        }
    }

    /// @throws IllegalArgumentException when the text holds no credential
    public static Credential read(String text) {
        var keys = new ArrayList<PrivateKey>();
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            Matcher block = BLOCK.matcher(text);
            while (block.find()) {
                byte[] bytes = Base64.getMimeDecoder().decode(block.group(2));
                if (block.group(1).equals(KEY))
                    keys.add(
                            KeyFactory.getInstance("EC")
                                    .generatePrivate(new PKCS8EncodedKeySpec(bytes)));
                if (block.group(1).equals(CERTIFICATE)) certificates.add(certificate(bytes));
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("it cannot be read: " + e.getMessage(), e);
        }
        if (keys.size() != 1 || certificates.size() != 2)
            throw new IllegalArgumentException(
                    "it should hold one key and two certificates and holds "
                            + keys.size()
                            + " and "
                            + certificates.size());
        return new Credential(keys.getFirst(), certificates.get(0), certificates.get(1));
    }

    /// @throws IllegalArgumentException when these bytes are none
    public static X509Certificate certificate(byte[] der) {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(der));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no certificate: " + e.getMessage(), e);
        }
    }

    private static String block(String label, byte[] bytes) {
        return "-----BEGIN "
                + label
                + "-----\n"
                + new String(LINES.encode(bytes), US_ASCII)
                + "\n-----END "
                + label
                + "-----\n";
    }
}
