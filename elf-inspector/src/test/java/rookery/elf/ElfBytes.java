package rookery.elf;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Writes small ELF images byte by byte, for layouts and damages that no compiler here makes.
///
/// The file is one readable and executable PT_LOAD at address 0x10000; what is added lies behind
/// the headers.
final class ElfBytes {
    static final long BASE = 0x10000;
    private static final int CONTENT_AT = 0x400;
    private static final int SIZE = 0x2000;

    private record Header(int type, long offset, long size, int flags) {}

    private final boolean wide;
    private final ByteBuffer bytes;
    private final List<Header> headers = new ArrayList<>();
    private int next = CONTENT_AT;

    ElfBytes(boolean wide, ByteOrder order, int machine, int type) {
        this.wide = wide;
        this.bytes = ByteBuffer.allocate(SIZE).order(order);
        bytes.put(0, new byte[] {0x7f, 'E', 'L', 'F'});
        bytes.put(4, (byte) (wide ? 2 : 1));
        bytes.put(5, (byte) (order == ByteOrder.LITTLE_ENDIAN ? 1 : 2));
        bytes.put(6, (byte) 1);
        bytes.putShort(16, (short) type);
        bytes.putShort(18, (short) machine);
        bytes.putInt(20, 1);
        headers.add(new Header(1, 0, SIZE, 5));
    }

    ElfBytes interpreter(String path) {
        return segment(3, (path + "\0").getBytes(StandardCharsets.ISO_8859_1));
    }

    ElfBytes segment(int type, byte[] content) {
        headers.add(new Header(type, next, content.length, 4));
        bytes.put(next, content);
        next += (content.length + 15) & ~15;
        return this;
    }

    /// Tags and values in turn; names are put behind the section, and DT_STRTAB and DT_STRSZ are
    /// added.
    ElfBytes dynamic(String names, long... tagsAndValues) {
        byte[] strings = names.getBytes(StandardCharsets.ISO_8859_1);
        int word = wide ? 8 : 4;
        ByteBuffer table =
                ByteBuffer.allocate((tagsAndValues.length + 6) * word).order(bytes.order());
        for (long value : tagsAndValues) {
            put(table, value);
        }
        long at = (long) next + table.capacity();
        for (long value : new long[] {5, BASE + at, 10, strings.length, 0, 0}) {
            put(table, value);
        }
        segment(2, table.array());
        next = (int) at;
        bytes.put(next, strings);
        next += (strings.length + 15) & ~15;
        return this;
    }

    private void put(ByteBuffer table, long value) {
        if (wide) {
            table.putLong(value);
        } else {
            table.putInt((int) value);
        }
    }

    /// The finished file; more bytes may be changed in it.
    byte[] build() {
        int headerBytes = wide ? 64 : 52;
        int entryBytes = wide ? 56 : 32;
        int after = wide ? 48 : 36;
        word(24, BASE + CONTENT_AT);
        word(wide ? 32 : 28, headerBytes);
        bytes.putShort(after + 4, (short) headerBytes);
        bytes.putShort(after + 6, (short) entryBytes);
        bytes.putShort(after + 8, (short) headers.size());
        int at = headerBytes;
        for (Header header : headers) {
            program(at, header);
            at += entryBytes;
        }
        return bytes.array();
    }

    MemorySegment segment() {
        return MemorySegment.ofArray(build());
    }

    private void program(int at, Header header) {
        bytes.putInt(at, header.type());
        long[] words = {
            header.offset(),
            BASE + header.offset(),
            BASE + header.offset(),
            header.size(),
            header.size()
        };
        int firstWord = at + (wide ? 8 : 4);
        for (int i = 0; i < words.length; i++) {
            word(firstWord + i * (wide ? 8 : 4), words[i]);
        }
        bytes.putInt(at + (wide ? 4 : 24), header.flags());
        word(at + (wide ? 48 : 28), 0x10000);
    }

    private void word(int at, long value) {
        if (wide) {
            bytes.putLong(at, value);
        } else {
            bytes.putInt(at, (int) value);
        }
    }
}
