package rookery.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import rookery.oci.Digest;

/// Keys, and the signature by which an asker shows that it holds the private one. A PKCS#10 request
/// would say the same and need a library in every agent.
public final class Proof {
    private static final String CURVE = "secp256r1";
    private static final String SIGNATURE = "SHA256withECDSA";

    /// Bytes of a P-256 key's SubjectPublicKeyInfo are 91; more is something else.
    private static final int KEY_BYTES = 128;

    private Proof() {}

    private static boolean isP256(ECParameterSpec found) throws GeneralSecurityException {
        var parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(CURVE));
        ECParameterSpec known = parameters.getParameterSpec(ECParameterSpec.class);
        return found.getCurve().equals(known.getCurve())
                && found.getGenerator().equals(known.getGenerator())
                && found.getOrder().equals(known.getOrder());
    }

    /// A new key.
    public static KeyPair key() {
        try {
            var maker = KeyPairGenerator.getInstance("EC");
            maker.initialize(new ECGenParameterSpec(CURVE));
            return maker.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no P-256", e);
        }
    }

    /// What is signed to join: bound to the token, the name and the farm, so that it serves nowhere
    /// else.
    public static byte[] joining(String tokenId, String name, Digest authority) {
        return ("rookery join 1\n" + tokenId + "\n" + name + "\n" + authority.hex())
                .getBytes(UTF_8);
    }

    /// What is signed to renew the certificate of this serial number.
    public static byte[] renewing(String serial) {
        return ("rookery renew 1\n" + serial).getBytes(UTF_8);
    }

    public static byte[] sign(PrivateKey key, byte[] what) {
        try {
            Signature signature = Signature.getInstance(SIGNATURE);
            signature.initSign(key);
            signature.update(what);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a P-256 key does not sign", e);
        }
    }

    /// Reads a public key and checks that whoever sent it holds the private one.
    ///
    /// @throws IllegalArgumentException with a sentence when it is no P-256 key, or the proof is
    ///   not by it
    public static PublicKey check(byte[] publicKey, byte[] proof, byte[] what) {
        if (publicKey.length > KEY_BYTES)
            throw new IllegalArgumentException(
                    "a P-256 public key has 91 bytes, not " + publicKey.length);
        try {
            PublicKey key =
                    KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(publicKey));
            if (!(key instanceof ECPublicKey ec) || !isP256(ec.getParams()))
                throw new IllegalArgumentException("the public key is on another curve than P-256");
            Signature signature = Signature.getInstance(SIGNATURE);
            signature.initVerify(key);
            signature.update(what);
            if (signature.verify(proof)) return key;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the public key is none: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException(
                "the proof was not made with the private key that belongs to the public one");
    }
}
