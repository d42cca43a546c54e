package rookery.cli.inspect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.function.Function;
import rookery.elf.Inspection;
import rookery.elf.Report;
import rookery.elf.bytes.Source;
import rookery.elf.bytes.UnreadableException;

/// One file that was found, open for as long as its visitor runs.
///
/// @param name how to call it: the path, and in brackets the way through what it lies in
/// @param asked the user named this very file, so that being no program is a refusal
/// @param source its bytes, for one thread
public record Item(String name, boolean asked, Source source) {
    static Item of(String name, byte[] bytes) {
        return new Item(name, false, Source.of(MemorySegment.ofArray(bytes)));
    }

    /// Lets the reader look at the bytes.
    ///
    /// @throws IOException when they cannot be read, or the reader finds them damaged
    public <T> T read(Function<Source, T> reader) throws IOException {
        try {
            return reader.apply(source);
        } catch (UnreadableException e) {
            throw new IOException(name + " is damaged: " + e.getMessage(), e);
        } catch (UncheckedIOException e) {
            throw new IOException("reading " + name + " stopped: " + e.getMessage(), e.getCause());
        }
    }

    public Report report(Inspection.Depth depth) throws IOException {
        return read(bytes -> Inspection.of(bytes, depth));
    }
}
