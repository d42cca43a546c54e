package rookery.cli.inspect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/// What a user may name: something that opens at once and has a size.
final class Named {
    private Named() {}

    /// @throws IOException when it is not there, or opening it may wait for somebody forever
    static void check(Path path) throws IOException {
        if (Files.readAttributes(path, BasicFileAttributes.class).isOther()) {
            throw new IOException("it is a pipe, a socket or a device; name a file");
        }
    }
}
