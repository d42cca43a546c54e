package rookery.elf;

import java.nio.ByteOrder;

/// How the numbers of an ELF file are laid out.
///
/// @param wide 64-bit words
public record Layout(boolean wide, ByteOrder order) {
    public int bits() {
        return wide ? 64 : 32;
    }

    /// "64-bit little-endian".
    public String words() {
        return bits()
                + "-bit "
                + (order == ByteOrder.LITTLE_ENDIAN ? "little-endian" : "big-endian");
    }

    int wordBytes() {
        return wide ? 8 : 4;
    }

    int headerBytes() {
        return wide ? 64 : 52;
    }

    int programHeaderBytes() {
        return wide ? 56 : 32;
    }

    int sectionHeaderBytes() {
        return wide ? 64 : 40;
    }

    int symbolBytes() {
        return wide ? 24 : 16;
    }
}
