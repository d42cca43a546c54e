package rookery.elf;

import java.util.ArrayList;
import java.util.List;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.View;

/// Reads PT_NOTE segments.
final class NoteParser {
    /// Notes of real files take a few hundred bytes; a core's can be long, and are not read.
    private static final long MAX_NOTES_BYTES = 1 << 20;

    private static final int MAX_OWNER_BYTES = 32;
    private static final int MAX_ID_BYTES = 256;
    private static final int MAX_PROPERTIES = 64;
    private static final int X86_ISA_NEEDED = 0xc0008002;
    private static final int X86_FEATURES = 0xc0000002;
    private static final int ARM64_FEATURES = 0xc0000000;

    private NoteParser() {}

    static List<Note> parse(Input input, Layout layout, Extent extent) {
        long length = Math.min(extent.fileBytes(), MAX_NOTES_BYTES);
        View view =
                input.view(
                        extent.offset(),
                        extent.fileBytes() < 0 ? extent.fileBytes() : length,
                        layout.order());
        // GNU property notes are aligned to 8 in 64-bit files, all others to 4.
        long align = extent.align() == 8 ? 8 : 4;
        List<Note> notes = new ArrayList<>();
        long at = 0;
        while (at + 12 <= view.sizeBytes()) {
            input.budget().spendEntries(1, view.fileOffset(at));
            long ownerBytes = view.u32(at);
            long descriptionBytes = view.u32(at + 4);
            int type = view.i32(at + 8);
            long description = roundUp(at + 12 + ownerBytes, align);
            if (description + descriptionBytes > view.sizeBytes()) {
                break;
            }
            String owner = view.textUntilNul(at + 12, Math.min(ownerBytes, MAX_OWNER_BYTES));
            notes.add(note(view, layout, owner, type, description, descriptionBytes));
            at = roundUp(description + descriptionBytes, align);
        }
        return notes;
    }

    private static Note note(
            View view, Layout layout, String owner, int type, long at, long length) {
        Note unknown = new Note.Unknown(owner, type, length);
        return switch (owner) {
            case "GNU" -> gnu(view, layout, type, at, length, unknown);
            case "Go" ->
                    type == 4
                            ? new Note.GoBuildId(view.text(at, Math.min(length, MAX_ID_BYTES)))
                            : unknown;
            case "FreeBSD" -> new Note.ForeignSystem("freebsd");
            case "NetBSD" -> new Note.ForeignSystem("netbsd");
            case "OpenBSD" -> new Note.ForeignSystem("openbsd");
            case "DragonFly" -> new Note.ForeignSystem("dragonfly");
            case "Android" -> new Note.ForeignSystem("android");
            default -> unknown;
        };
    }

    private static Note gnu(
            View view, Layout layout, int type, long at, long length, Note unknown) {
        return switch (type) {
            case 1 ->
                    length < 16
                            ? unknown
                            : new Note.AbiTag(
                                    view.i32(at),
                                    view.i32(at + 4),
                                    view.i32(at + 8),
                                    view.i32(at + 12));
            case 3 -> new Note.BuildId(hex(view, at, Math.min(length, MAX_ID_BYTES)));
            case 5 -> properties(view, layout, at, length, unknown);
            default -> unknown;
        };
    }

    private static Note properties(
            View view, Layout layout, long start, long length, Note unknown) {
        int x86Needed = 0;
        int x86Features = 0;
        int arm64Features = 0;
        boolean any = false;
        long at = start;
        for (int i = 0; i < MAX_PROPERTIES && at + 12 <= start + length; i++) {
            int kind = view.i32(at);
            long bytes = view.u32(at + 4);
            if (bytes == 4) {
                int value = view.i32(at + 8);
                any = true;
                switch (kind) {
                    case X86_ISA_NEEDED -> x86Needed |= value;
                    case X86_FEATURES -> x86Features |= value;
                    case ARM64_FEATURES -> arm64Features |= value;
                    default -> {
                        // Other properties (which levels a library also has code for) change
                        // nothing.
                    }
                }
            }
            at = roundUp(at + 8 + bytes, layout.wordBytes());
        }
        return any ? new Note.Properties(x86Needed, x86Features, arm64Features) : unknown;
    }

    private static String hex(View view, long at, long length) {
        StringBuilder hex = new StringBuilder();
        for (long i = 0; i < length; i++) {
            int octet = view.u8(at + i);
            hex.append(Character.forDigit(octet >> 4, 16))
                    .append(Character.forDigit(octet & 15, 16));
        }
        return hex.toString();
    }

    private static long roundUp(long value, long align) {
        return (value + align - 1) & -align;
    }
}
