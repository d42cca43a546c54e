package rookery.elf.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.function.Function;
import rookery.elf.Inspection;
import rookery.elf.Report;
import rookery.elf.Symbol;
import rookery.elf.bytes.Source;
import rookery.elf.bytes.UnreadableException;

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

    /// Opens a file, lets the reader look at its bytes, and closes it.
    ///
    /// @throws IOException when the file cannot be opened or read, or the reader finds it damaged
    public static <T> T read(Path file, Function<Source, T> reader) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return reader.apply(FileSource.of(channel));
        } catch (UncheckedIOException e) {
            throw new IOException("reading " + file + " stopped: " + e.getMessage(), e.getCause());
        } catch (UnreadableException e) {
            throw new IOException(file + " is damaged: " + e.getMessage(), e);
        }
    }

    /// Walks the symbols of an ELF file.
    ///
    /// @throws IOException when the file cannot be read, or its symbol table is damaged
    public static void symbols(Path file, Inspection.SymbolTable table, Consumer<Symbol> visitor)
            throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Inspection.symbols(FileSource.of(channel), table, visitor);
        } catch (UncheckedIOException e) {
            throw new IOException("reading " + file + " stopped: " + e.getMessage(), e.getCause());
        } catch (UnreadableException e) {
            throw new IOException(
                    "the symbols of " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
