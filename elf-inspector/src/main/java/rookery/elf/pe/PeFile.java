package rookery.elf.pe;

import java.util.List;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.UnreadableException;

/// A PE image's facts.
///
/// @param machine the COFF machine number: 0x8664 is amd64
/// @param wide PE32+, the 64-bit form
/// @param dll a library, not a program
/// @param subsystem 2 is a window program, 3 a console program
/// @param imports DLLs that are loaded at the start, in order, as the file spells them
/// @param delayedImports DLLs that are loaded when first used
/// @param truncated the file is too short for a section that it names
public record PeFile(
        int machine,
        boolean wide,
        boolean dll,
        int subsystem,
        List<PeSection> sections,
        List<String> imports,
        List<String> delayedImports,
        boolean truncated) {

    /// A section: where it lies in the file and in memory (as an offset from the image's base).
    public record PeSection(
            String name,
            long virtualAddress,
            long virtualBytes,
            long offset,
            long fileBytes,
            int flags) {
        private static final int HAS_DATA = 0x40;
        private static final int WRITABLE = 0x80000000;

        /// Initialised data that the program may change: where Go keeps its build information.
        public boolean isWritableData() {
            return (flags & HAS_DATA) != 0 && (flags & WRITABLE) != 0;
        }
    }

    /// Reads the headers and both import tables.
    ///
    /// @throws UnreadableException when the file begins like a PE image but is none
    public static PeFile parse(Input input) {
        return new PeParser(input).parse();
    }
}
