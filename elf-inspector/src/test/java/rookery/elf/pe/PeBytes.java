package rookery.elf.pe;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Writes small 64-bit Windows programs by hand.
public final class PeBytes {
    private static final int HEADER_AT = 0x80;
    private static final int OPTIONAL_AT = HEADER_AT + 24;
    private static final int OPTIONAL_BYTES = 240;
    private static final int SECTION_AT = OPTIONAL_AT + OPTIONAL_BYTES;
    private static final int DATA_AT = 0x400;
    private static final int DATA_ADDRESS = 0x1000;
    private static final int DATA_BYTES = 0x800;

    private PeBytes() {}

    /// A console program for amd64 that imports these DLLs.
    public static byte[] importing(String... dlls) {
        ByteBuffer pe = ByteBuffer.allocate(DATA_AT + DATA_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        pe.put(0, new byte[] {'M', 'Z'}).putInt(60, HEADER_AT);
        pe.put(HEADER_AT, new byte[] {'P', 'E', 0, 0});
        pe.putShort(HEADER_AT + 4, (short) 0x8664);
        pe.putShort(HEADER_AT + 6, (short) 1);
        pe.putShort(HEADER_AT + 20, (short) OPTIONAL_BYTES);
        pe.putShort(HEADER_AT + 22, (short) 0x22);
        pe.putShort(OPTIONAL_AT, (short) 0x20b);
        pe.putShort(OPTIONAL_AT + 68, (short) 3);
        pe.putInt(OPTIONAL_AT + 108, 16);
        pe.putInt(OPTIONAL_AT + 112 + 8, DATA_ADDRESS);
        pe.put(SECTION_AT, ".idata".getBytes(StandardCharsets.US_ASCII));
        pe.putInt(SECTION_AT + 8, DATA_BYTES).putInt(SECTION_AT + 12, DATA_ADDRESS);
        pe.putInt(SECTION_AT + 16, DATA_BYTES).putInt(SECTION_AT + 20, DATA_AT);
        pe.putInt(SECTION_AT + 36, 0xc0000040);
        int name = (dlls.length + 1) * 20;
        for (int i = 0; i < dlls.length; i++) {
            pe.putInt(DATA_AT + i * 20 + 12, DATA_ADDRESS + name);
            byte[] text = dlls[i].getBytes(StandardCharsets.US_ASCII);
            pe.put(DATA_AT + name, text);
            name += text.length + 1;
        }
        return pe.array();
    }
}
