package rookery.cli.inspect;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.function.Function;
import rookery.elf.Inspection;
import rookery.elf.Report;
import rookery.elf.bytes.Source;
import rookery.elf.bytes.UnreadableException;
import rookery.elf.files.Inspector;

/// One file that was found.
///
/// @param name how to call it: the path, and in brackets the way through what it lies in
/// @param asked the user named this very file, so that being no program is a refusal
public record Item(String name, boolean asked, Where where) {
    /// Where its bytes are.
    public sealed interface Where {
        record OnDisk(Path path) implements Where {}

        /// Taken out of a container; good only while its visitor runs.
        record InMemory(Source source) implements Where {}
    }

    static Item of(String name, byte[] bytes) {
        return new Item(name, false, new Where.InMemory(Source.of(MemorySegment.ofArray(bytes))));
    }

    /// Lets the reader look at the bytes.
    ///
    /// @throws IOException when they cannot be read, or the reader finds them damaged
    public <T> T read(Function<Source, T> reader) throws IOException {
        return switch (where) {
            case Where.OnDisk(Path path) -> Inspector.read(path, reader);
            case Where.InMemory(Source source) -> {
                try {
                    yield reader.apply(source);
                } catch (UnreadableException e) {
                    throw new IOException(name + " is damaged: " + e.getMessage(), e);
                }
            }
        };
    }

    public Report report(Inspection.Depth depth) throws IOException {
        return read(source -> Inspection.of(source, depth));
    }
}
