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
/// @param entry where the code begins, as an offset from the image's base; 0 for none
/// @param imageBase where it would like to be loaded
/// @param flags the optional header's DllCharacteristics: what protects the program
/// @param imports DLLs that are loaded at the start, in order, as the file spells them
/// @param delayedImports DLLs that are loaded when first used
/// @param truncated the file is too short for a section that it names
public record PeFile(
        int machine,
        boolean wide,
        boolean dll,
        int subsystem,
        long entry,
        long imageBase,
        int flags,
        List<PeSection> sections,
        List<String> imports,
        List<String> delayedImports,
        boolean truncated) {

    private static final int HIGH_ENTROPY = 0x20;
    private static final int DYNAMIC_BASE = 0x40;
    private static final int NX_COMPATIBLE = 0x100;
    private static final int CONTROL_FLOW_GUARD = 0x4000;

    /// Loaded at another address every time.
    public boolean dynamicBase() {
        return (flags & DYNAMIC_BASE) != 0;
    }

    /// The addresses may use all 64 bits.
    public boolean highEntropy() {
        return (flags & HIGH_ENTROPY) != 0;
    }

    /// Data is never run.
    public boolean noExecData() {
        return (flags & NX_COMPATIBLE) != 0;
    }

    /// Indirect calls are checked.
    public boolean controlFlowGuard() {
        return (flags & CONTROL_FLOW_GUARD) != 0;
    }

    /// "console", "window", or the number.
    public String subsystemWord() {
        return switch (subsystem) {
            case 1 -> "native";
            case 2 -> "window";
            case 3 -> "console";
            case 10, 11, 12 -> "efi";
            default -> Integer.toString(subsystem);
        };
    }

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
