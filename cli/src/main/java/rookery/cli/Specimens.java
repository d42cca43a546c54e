package rookery.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// ELF files of many kinds, made out of one program: what the inspector is warmed up with. A JDK
/// has programs and libraries only, and a class that the warm-up does not load costs every later
/// start more than a hundred files do.
final class Specimens {
    private static final int TYPE_AT = 16;
    private static final int PROGRAM_HEADERS_AT = 64;
    private static final int PROGRAM_HEADER_BYTES = 56;
    private static final int COUNT_AT = 56;
    private static final int LOAD = 1;
    private static final int NOTE = 4;
    private static final int WRITABLE = 2;
    private static final int ALIGN = 16;
    private static final int MOST_WRITTEN_BYTES = 256;
    private static final int[] TYPES = {0, 1, 2, 3, 4, 0xfe00};

    /// "GNU", type 5: what CPU features the code was compiled for.
    private static final int[] PROPERTY = {
        4, 32, 5, 0x554e47, 0xc0000002, 4, 3, 0, 0xc0008002, 4, 2, 0
    };

    private final byte[] program;

    private Specimens(byte[] program) {
        this.program = program;
    }

    /// @param program one with a loader and libraries; there are none of it if it is not 64-bit and
    ///   little-endian
    static List<byte[]> of(byte[] program) {
        if (program.length < PROGRAM_HEADERS_AT || program[4] != 2 || program[5] != 1) {
            return List.of();
        }
        var from = new Specimens(program);
        List<byte[]> all = new ArrayList<>();
        ByteBuffer original = ByteBuffer.wrap(program).order(ByteOrder.LITTLE_ENDIAN);
        for (int type : TYPES) all.add(from.with(TYPE_AT, 2, type));
        for (int i = 0; i < original.getShort(COUNT_AT); i++) {
            int at = PROGRAM_HEADERS_AT + i * PROGRAM_HEADER_BYTES;
            all.add(from.with(at, 4, 0));
            all.add(from.with(at + 32, 8, 0));
            int content = (int) original.getLong(at + 8);
            if (content < 0 || content > program.length - MOST_WRITTEN_BYTES) continue;
            boolean writable = (original.getInt(at + 4) & WRITABLE) != 0;
            if (original.getInt(at) == NOTE) all.add(from.withProperty(content));
            if (original.getInt(at) == LOAD && writable) {
                // The block is aligned in memory, and this segment is at the same place in a page.
                all.add(from.withGo((content + ALIGN - 1) & -ALIGN));
            }
        }
        return all;
    }

    /// The program with another number in it.
    private byte[] with(int at, int bytes, long number) {
        byte[] copy = program.clone();
        for (int i = 0; i < bytes; i++) copy[at + i] = (byte) (number >>> (8 * i));
        return copy;
    }

    private byte[] withProperty(int at) {
        byte[] copy = program.clone();
        ByteBuffer note = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).position(at);
        for (int word : PROPERTY) note.putInt(word);
        return copy;
    }

    /// As Go's linker writes it into each program.
    private byte[] withGo(int at) {
        byte[] version = "go1.26".getBytes(StandardCharsets.US_ASCII);
        byte[] modules =
                "path\ta\nmod\ta\tv1\ndep\tb\tv1\th1:x=\nbuild\tGOOS=linux\nbuild\tCGO_ENABLED=1\n"
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] copy = program.clone();
        ByteBuffer block = ByteBuffer.wrap(copy).position(at);
        block.put("\u00ff Go buildinf:\b\u0002".getBytes(StandardCharsets.ISO_8859_1));
        block.position(at + 32).put((byte) version.length).put(version);
        block.put((byte) modules.length).put(modules);
        return copy;
    }
}
