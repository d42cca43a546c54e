package rookery.oci.archive;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import rookery.oci.archive.ArchiveException.Kind;

/// One 512-byte tar header as it stands there, checked for its form only. Names of v7, POSIX ustar
/// and GNU archives.
record Header(String name, int mode, long size, long mtime, char type, String link) {
    static final int BLOCK = TarWriter.BLOCK;

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
        String name = text(block, 0, 100);
        // GNU keeps times where POSIX has the prefix; the magic tells them apart.
        boolean posix = Arrays.equals(block, 257, 263, POSIX_MAGIC, 0, 6);
        String prefix = posix ? text(block, 345, 155) : "";
        char type = (char) (block[156] & 0xff);
        return new Header(
                prefix.isEmpty() ? name : prefix + "/" + name,
                (int) (number(block, 100, 8, "mode") & 0xffff),
                number(block, 124, 12, "size"),
                number(block, 136, 12, "time"),
                type == 0 || type == '7' ? '0' : type,
                text(block, 157, 100));
    }

    private static final byte[] POSIX_MAGIC = {'u', 's', 't', 'a', 'r', 0};

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
