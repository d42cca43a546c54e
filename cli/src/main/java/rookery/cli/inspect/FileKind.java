package rookery.cli.inspect;

import java.nio.ByteOrder;
import rookery.elf.bytes.Budget;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.Source;

/// What a file's first bytes make of it for the walk.
enum FileKind {
    /// To be inspected.
    OBJECT,
    /// An `ar` archive: to be inspected, and its members too.
    ARCHIVE,
    /// A tar, or something packed that may hold one.
    CONTAINER,
    OTHER;

    static final int HEAD_BYTES = 512;
    private static final int TAR_MAGIC_AT = 257;
    private static final int ELF = 0x7f454c46;

    static FileKind of(Source source) {
        long length = Math.min(HEAD_BYTES, source.sizeBytes());
        return of(
                new Input(source, new Budget(Budget.VERDICT))
                        .view(0, length, ByteOrder.BIG_ENDIAN)
                        .bytes(0, length));
    }

    static FileKind of(byte[] head) {
        int magic = head.length < 4 ? 0 : int32(head);
        if (magic == ELF || isPe(head) || isMachO(magic)) {
            return OBJECT;
        }
        if (starts(head, 0, "!<arch>\n") || starts(head, 0, "!<thin>\n")) {
            return ARCHIVE;
        }
        boolean packed =
                starts(head, 0, "\u001f\u008b")
                        || starts(head, 0, "(\u00b5/\u00fd")
                        || starts(head, 0, "\u00fd7zXZ")
                        || starts(head, 0, "BZh");
        return packed || starts(head, TAR_MAGIC_AT, "ustar") ? CONTAINER : OTHER;
    }

    /// Each character stands for one byte.
    private static boolean starts(byte[] head, int at, String wanted) {
        if (head.length < at + wanted.length()) {
            return false;
        }
        for (int i = 0; i < wanted.length(); i++) {
            if ((head[at + i] & 0xff) != wanted.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Texts begin with MZ too, but do not point to another header.
    private static boolean isPe(byte[] head) {
        if (head.length < 64 || head[0] != 'M' || head[1] != 'Z') {
            return false;
        }
        int at = (head[60] & 0xff) | (head[61] & 0xff) << 8;
        return head[62] == 0
                && head[63] == 0
                && (at + 2 > head.length || (head[at] == 'P' && head[at + 1] == 'E'));
    }

    private static boolean isMachO(int magic) {
        return magic == 0xfeedface
                || magic == 0xfeedfacf
                || magic == 0xcefaedfe
                || magic == 0xcffaedfe;
    }

    private static int int32(byte[] head) {
        return (head[0] & 0xff) << 24
                | (head[1] & 0xff) << 16
                | (head[2] & 0xff) << 8
                | (head[3] & 0xff);
    }
}
