package rookery.agent.artifacts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import rookery.model.Distfile;

/// Whether a file is the source archive that the Manifest names: its size and both hashes.
final class Manifest {
    private static final int BUFFER = 64 << 10;
    private static final int BLAKE2B_BITS = 512;

    private Manifest() {}

    sealed interface Verdict {
        record Fits() implements Verdict {}

        record Differs(String what) implements Verdict {}
    }

    static Verdict check(Path file, Distfile distfile) throws IOException {
        long size = Files.size(file);
        if (size != distfile.sizeBytes())
            return new Verdict.Differs(size + " bytes instead of " + distfile.sizeBytes());
        var blake2b = new Blake2bDigest(BLAKE2B_BITS);
        MessageDigest sha512 = sha512();
        var buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n; (n = in.read(buffer)) >= 0; ) {
                blake2b.update(buffer, 0, n);
                sha512.update(buffer, 0, n);
            }
        }
        String found = hex(blake2b);
        if (!found.equals(distfile.blake2b()))
            return new Verdict.Differs("BLAKE2B " + found + " instead of " + distfile.blake2b());
        found = HexFormat.of().formatHex(sha512.digest());
        if (!found.equals(distfile.sha512()))
            return new Verdict.Differs("SHA512 " + found + " instead of " + distfile.sha512());
        return new Verdict.Fits();
    }

    /// The directory below `distfiles` in which mirrors of today's layout keep a name.
    static String mirrorDirectory(String name) {
        var blake2b = new Blake2bDigest(BLAKE2B_BITS);
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        blake2b.update(bytes, 0, bytes.length);
        return hex(blake2b).substring(0, 2);
    }

    private static String hex(Blake2bDigest digest) {
        var out = new byte[digest.getDigestSize()];
        digest.doFinal(out, 0);
        return HexFormat.of().formatHex(out);
    }

    private static MessageDigest sha512() {
        try {
            return MessageDigest.getInstance("SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-512", e);
        }
    }
}
