package rookery.elf;

import java.nio.charset.StandardCharsets;
import rookery.elf.bytes.View;

/// The format that a file's first bytes announce.
enum Magic {
    ELF,
    MZ,
    ARCHIVE,
    THIN_ARCHIVE,
    /// AIX has a format of its own, whose members are chained by offsets.
    AIX_ARCHIVE,
    MACH_O,
    SCRIPT,
    OTHER;

    /// Java's class files begin with the same bytes as Mach-O's universal files; those have few
    /// architectures, and no class file is of a version below 43.
    private static final int MAX_UNIVERSAL_ARCHITECTURES = 42;

    static Magic of(View head) {
        if (starts(head, "\u007fELF")) {
            return ELF;
        }
        if (starts(head, "MZ")) {
            return MZ;
        }
        if (starts(head, "!<arch>\n")) {
            return ARCHIVE;
        }
        if (starts(head, "!<thin>\n")) {
            return THIN_ARCHIVE;
        }
        if (starts(head, "<bigaf>\n") || starts(head, "<aiaff>\n")) {
            return AIX_ARCHIVE;
        }
        if (starts(head, "#!")) {
            return SCRIPT;
        }
        return isMachO(head) ? MACH_O : OTHER;
    }

    private static boolean starts(View head, String text) {
        return head.startsWith(0, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static boolean isMachO(View head) {
        if (head.sizeBytes() < 8) {
            return false;
        }
        return switch (head.i32(0)) {
            case 0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe -> true;
            case 0xcafebabe -> head.u32(4) <= MAX_UNIVERSAL_ARCHITECTURES;
            default -> false;
        };
    }
}
