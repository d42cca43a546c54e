package rookery.elf.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import rookery.elf.Inspection;

/// The deep pass, which reads every byte, beside SHA-256 over the same bytes.
final class BenchDeep {
    private static final int FILES = 60;
    private static final long SMALLEST_BYTES = 1 << 20;
    private static final long LARGEST_BYTES = 32 << 20;
    private static final int WARM_UPS = 3;
    private static final int PIECE_BYTES = 256 << 10;

    private final List<Path> some = new ArrayList<>();
    private final BenchTimes pass = new BenchTimes();
    private final BenchTimes hash = new BenchTimes();
    private long bytes;

    BenchDeep(List<Path> files) throws IOException {
        for (Path file : files) {
            long size = Files.size(file);
            if (size > SMALLEST_BYTES && size < LARGEST_BYTES && some.size() < FILES) {
                some.add(file);
                bytes += size;
            }
        }
        if (some.isEmpty()) {
            throw new IOException("no file is between 1 and 32 MB: name a larger tree");
        }
    }

    int count() {
        return some.size();
    }

    long megabytes() {
        return bytes / 1_000_000;
    }

    BenchTimes pass() {
        return pass;
    }

    BenchTimes hash() {
        return hash;
    }

    double passSpeed() {
        return bytes / pass.best() / 1e6;
    }

    double hashSpeed() {
        return bytes / hash.best() / 1e6;
    }

    void measure(int rounds) throws IOException {
        for (int i = 0; i < WARM_UPS; i++) {
            inspect();
            digest();
        }
        for (int i = 0; i < rounds; i++) {
            pass.time(this::inspect);
            hash.time(this::digest);
        }
    }

    private void inspect() throws IOException {
        for (Path file : some) {
            Inspector.inspect(file, Inspection.Depth.DEEP);
        }
    }

    private void digest() throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        for (Path file : some) {
            MessageDigest sha = sha256();
            try (InputStream in = Files.newInputStream(file)) {
                for (int read = in.read(piece); read > 0; read = in.read(piece)) {
                    sha.update(piece, 0, read);
                }
            }
            if (sha.digest().length == 0) {
                throw new IOException("no digest");
            }
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
