package rookery.coordinator.trust;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import rookery.access.Credential;
import rookery.access.Proof;
import rookery.access.Subject;

/// Makes certificates: the authority's own, servers' and clients'. Keeps no books.
final class Issuer {
    /// How far a machine's clock may lag behind the coordinator's: certificates begin this much
    /// earlier than they are made.
    static final Duration SKEW = Duration.ofMinutes(5);

    /// How long an authority lasts; a new one means that everybody joins again.
    static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);

    private static final String SIGNATURE = "SHA256withECDSA";
    private static final int SERIAL_BITS = 127;
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,62}\\.?){1,10}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

    private final Credential authority;
    private final SecureRandom random;

    Issuer(Credential authority, SecureRandom random) {
        this.authority = authority;
        this.random = random;
    }

    /// A new authority.
    static Credential authority(SecureRandom random, Instant now) {
        KeyPair key = Proof.key();
        BigInteger serial = serial(random);
        X500Name name =
                new X500NameBuilder(BCStyle.INSTANCE)
                        .addRDN(BCStyle.O, "rookery")
                        .addRDN(BCStyle.CN, "farm " + serial.toString(16).substring(0, 8))
                        .build();
        try {
            var builder =
                    new JcaX509v3CertificateBuilder(
                            name,
                            serial,
                            Date.from(now.minus(SKEW)),
                            Date.from(now.plus(AUTHORITY_LIFE)),
                            name,
                            key.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(key.getPublic()));
            X509Certificate made = sign(builder, key.getPrivate());
            return new Credential(key.getPrivate(), made, made);
        } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
            throw new IllegalStateException("no authority could be made", e);
        }
    }

    /// A certificate for a client of the farm.
    X509Certificate client(Subject subject, PublicKey key, Instant now, Duration life) {
        X500Name name =
                new X500NameBuilder(BCStyle.INSTANCE)
                        .addRDN(BCStyle.O, subject.role().word())
                        .addRDN(BCStyle.CN, subject.name())
                        .build();
        return leaf(name, key, now, life, KeyPurposeId.id_kp_clientAuth, List.of());
    }

    /// A key and certificate for the farm's own listeners.
    Credential server(List<String> hosts, Instant now, Duration life) {
        KeyPair key = Proof.key();
        X500Name name =
                new X500NameBuilder(BCStyle.INSTANCE)
                        .addRDN(BCStyle.O, "coordinator")
                        .addRDN(BCStyle.CN, "rookery")
                        .build();
        var names = new ArrayList<GeneralName>();
        for (String host : hosts) names.add(general(host));
        return new Credential(
                key.getPrivate(),
                leaf(name, key.getPublic(), now, life, KeyPurposeId.id_kp_serverAuth, names),
                authority.certificate());
    }

    /// @throws IllegalArgumentException when it is neither a host's name nor an address
    static GeneralName general(String host) {
        boolean address =
                IPV4.matcher(host).matches()
                        || (host.indexOf(':') >= 0 && IPV6.matcher(host).matches());
        if (address) return new GeneralName(GeneralName.iPAddress, host);
        if (HOST.matcher(host).matches()) return new GeneralName(GeneralName.dNSName, host);
        throw new IllegalArgumentException(
                "'" + host + "' is neither a host's name nor an IP address");
    }

    private X509Certificate leaf(
            X500Name subject,
            PublicKey key,
            Instant now,
            Duration life,
            KeyPurposeId purpose,
            List<GeneralName> names) {
        Instant end = now.plus(life);
        Instant last = authority.notAfter();
        try {
            var util = new JcaX509ExtensionUtils();
            var builder =
                    new JcaX509v3CertificateBuilder(
                            authority.certificate(),
                            serial(random),
                            Date.from(now.minus(SKEW)),
                            Date.from(end.isBefore(last) ? end : last),
                            subject,
                            key);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    util.createAuthorityKeyIdentifier(authority.certificate()));
            if (!names.isEmpty())
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(names.toArray(GeneralName[]::new)));
            return sign(builder, authority.key());
        } catch (GeneralSecurityException | CertIOException | OperatorCreationException e) {
            throw new IllegalStateException("no certificate could be made", e);
        }
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(key)));
    }

    /// Random, so that a certificate that the books do not know cannot be guessed; never zero.
    private static BigInteger serial(SecureRandom random) {
        return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
    }
}
