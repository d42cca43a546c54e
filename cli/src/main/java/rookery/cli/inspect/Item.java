package rookery.cli.inspect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.OptionalInt;
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
/// @param mode its permission bits; what it lies in knows them, not its bytes
public record Item(String name, boolean asked, Source source, Mode mode) {
    /// Asked only where it matters, since it is a question to the system for each file.
    @FunctionalInterface
    public interface Mode {
        /// None where nobody keeps such bits.
        Mode UNKNOWN = OptionalInt::empty;

        OptionalInt bits();
    }

    static Item of(String name, byte[] bytes, Mode mode) {
        return new Item(name, false, Source.of(MemorySegment.ofArray(bytes)), mode);
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

    /// The same, and whether anybody may execute it.
    public Report reportWithMode(Inspection.Depth depth) throws IOException {
        Report report = report(depth);
        OptionalInt bits = report.facts() instanceof Report.Elf ? mode.bits() : OptionalInt.empty();
        return bits.isPresent() ? report.withMode(bits.getAsInt()) : report;
    }
}
