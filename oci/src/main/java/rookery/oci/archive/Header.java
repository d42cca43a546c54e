package rookery.oci.archive;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import rookery.oci.archive.ArchiveException.Kind;

/// One 512-byte tar header as it stands there, checked for its form only: v7, POSIX ustar or GNU.
///
/// Names are decoded only when they are asked for: where a long name came before, GNU tar leaves a
/// cut-off one here, which may end in the middle of a character.
final class Header {
    static final int BLOCK = TarWriter.BLOCK;
    private static final byte[] POSIX_MAGIC = {'u', 's', 't', 'a', 'r', 0};

    private final byte[] block;
    private final int mode;
    private final long size;
    private final long mtime;

    private Header(byte[] block, int mode, long size, long mtime) {
        this.block = block;
        this.mode = mode;
        this.size = size;
        this.mtime = mtime;
    }

    int mode() {
        return mode;
    }

    long size() {
        return size;
    }

    long mtime() {
        return mtime;
    }

    char type() {
        char type = (char) (block[156] & 0xff);
        return type == 0 || type == '7' ? '0' : type;
    }

    String name() throws ArchiveException {
        // GNU keeps times where POSIX has the prefix; the magic tells them apart.
        boolean posix = Arrays.equals(block, 257, 263, POSIX_MAGIC, 0, 6);
        String name = text(block, 0, 100);
        String prefix = posix ? text(block, 345, 155) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    String link() throws ArchiveException {
        return text(block, 157, 100);
    }

    static boolean isEmpty(byte[] block) {
        for (byte b : block) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    static Header parse(byte[] block) throws ArchiveException {
        checkSum(block);
        return new Header(
                block.clone(),
                (int) (number(block, 100, 8, "mode") & 0xffff),
                number(block, 124, 12, "size"),
                number(block, 136, 12, "time"));
    }

    private static void checkSum(byte[] block) throws ArchiveException {
        long stated = number(block, 148, 8, "checksum");
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : block[i] & 0xff;
        }
        if (sum != stated) {
            throw new ArchiveException(
                    Kind.MALFORMED,
                    "a header's checksum is " + stated + ", but its bytes give " + sum);
        }
    }

    /// Octal digits, or with the first bit set a big-endian number as GNU writes large ones.
    private static long number(byte[] block, int at, int width, String what)
            throws ArchiveException {
        if ((block[at] & 0x80) != 0) {
            long value = block[at] & 0x7f;
            for (int i = 1; i < width; i++) {
                if (value >>> 54 != 0) {
                    throw bad(what);
                }
                value = (value << 8) | (block[at + i] & 0xff);
            }
            return value;
        }
        int i = at;
        int end = at + width;
        while (i < end && block[i] == ' ') {
            i++;
        }
        long value = 0;
        for (; i < end && block[i] >= '0' && block[i] <= '7'; i++) {
            value = (value << 3) + (block[i] - '0');
        }
        for (; i < end; i++) {
            if (block[i] != ' ' && block[i] != 0) {
                throw bad(what);
            }
        }
        return value;
    }

    private static ArchiveException bad(String what) {
        return new ArchiveException(Kind.MALFORMED, "a header's " + what + " is no number");
    }

    private static String text(byte[] block, int at, int width) throws ArchiveException {
        int end = at;
        while (end < at + width && block[end] != 0) {
            end++;
        }
        return utf8(block, at, end - at);
    }

    static String utf8(byte[] bytes, int at, int length) throws ArchiveException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, at, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new ArchiveException(Kind.MALFORMED, "a name is not UTF-8", e);
        }
    }
}
