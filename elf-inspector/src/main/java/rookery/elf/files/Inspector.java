package rookery.elf.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import rookery.elf.Inspection;
import rookery.elf.Report;

/// Inspects files on disk.
public final class Inspector {
    private Inspector() {}

    /// Looks at a file as closely as a verdict needs.
    ///
    /// @throws IOException when the file cannot be opened or read; what its bytes are is never an
    ///   error
    public static Report inspect(Path file) throws IOException {
        return inspect(file, Inspection.Depth.DEEP_IF_STATIC);
    }

    /// The same, as closely as asked for.
    public static Report inspect(Path file, Inspection.Depth depth) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return Inspection.of(FileSource.of(channel), depth);
        } catch (UncheckedIOException e) {
            throw new IOException("reading " + file + " stopped: " + e.getMessage(), e.getCause());
        }
    }
}
