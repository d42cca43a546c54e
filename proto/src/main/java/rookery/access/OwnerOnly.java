package rookery.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;
import rookery.model.Blame;
import rookery.model.RookeryException;

/// Files with secrets: nobody but their owner may read them, at no moment, and a power cut leaves
/// the old one or the new.
public final class OwnerOnly {
    private static final Set<PosixFilePermission> DIRECTORY =
            PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE =
            PosixFilePermissions.fromString("rw-------");
    private static final int NAME_BYTES = 12;

    /// Bytes of a file with secrets; they hold a key, two certificates and a line.
    private static final int FILE_BYTES = 64 << 10;

    private OwnerOnly() {}

    /// Makes the directory, or takes an existing one from everybody else.
    public static void directory(Path directory) throws IOException {
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) Files.createDirectories(parent);
        if (!Files.isDirectory(directory)) Files.createDirectory(directory, attribute(DIRECTORY));
        Files.setPosixFilePermissions(directory, DIRECTORY);
    }

    /// Writes all of a file or nothing.
    public static void write(Path file, byte[] bytes) throws IOException {
        var random = new byte[NAME_BYTES];
        new java.security.SecureRandom().nextBytes(random);
        Path temporary =
                file.resolveSibling(
                        "." + file.getFileName() + "." + HexFormat.of().formatHex(random));
        try {
            try (var channel =
                    FileChannel.open(
                            temporary,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            attribute(FILE))) {
                var buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) channel.write(buffer);
                channel.force(true);
            }
            Files.move(
                    temporary,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            try (var parent =
                    FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                parent.force(true);
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /// Reads a file that nobody else may read.
    ///
    /// @throws RookeryException with blame HOST when others may
    public static byte[] read(Path file) throws IOException {
        Set<PosixFilePermission> found = Files.getPosixFilePermissions(file);
        if (!FILE.containsAll(found))
            throw new RookeryException(
                    Blame.HOST,
                    file
                            + " holds a secret and its permissions are "
                            + PosixFilePermissions.toString(found)
                            + ": others may have read it. If that matters revoke what it holds; then `chmod 600 "
                            + file
                            + "`");
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(FILE_BYTES + 1);
            if (bytes.length > FILE_BYTES)
                throw new IOException(file + " has more than " + FILE_BYTES + " bytes");
            return bytes;
        }
    }

    private static FileAttribute<Set<PosixFilePermission>> attribute(Set<PosixFilePermission> set) {
        return PosixFilePermissions.asFileAttribute(set);
    }
}
