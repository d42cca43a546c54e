package rookery.elf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.UnreadableException;
import rookery.elf.bytes.View;

/// The verdict pass: header, program headers, PT_INTERP, PT_DYNAMIC, notes.
final class ElfParser {
    /// PATH_MAX: the kernel refuses a longer PT_INTERP.
    private static final long MAX_INTERPRETER_BYTES = 4096;

    private static final int MAX_SEGMENTS = 65_536;

    private ElfParser() {}

    /// @throws UnreadableException when what decides the linkage cannot be read
    static ElfFile parse(Input input) {
        ElfHeader header = HeaderParser.parse(input);
        List<Segment> segments = segments(input, header);
        List<Damage> damage = new ArrayList<>();
        Optional<String> interpreter = Optional.empty();
        Optional<Dynamic> dynamic = Optional.empty();
        List<Note> notes = new ArrayList<>();
        if (isImage(header) && !hasNoCode(segments)) {
            for (Segment segment : segments) {
                // No switch: the JVM builds one over types at run time, which every start would
                // pay.
                if (segment instanceof Segment.Interpreter(Extent extent)) {
                    if (interpreter.isEmpty()) {
                        interpreter = Optional.of(interpreter(input, header, extent));
                    }
                } else if (segment instanceof Segment.DynamicTable(Extent extent)) {
                    if (dynamic.isEmpty()) {
                        var parser = new DynamicParser(input, header.layout(), segments, damage);
                        dynamic = Optional.of(parser.parse(extent));
                    }
                } else if (segment instanceof Segment.Notes(Extent extent)) {
                    notes(input, header, extent, notes, damage);
                }
            }
        }
        // Go's linker counts only its own note into PT_NOTE; a build id behind it is left out.
        boolean go = false;
        boolean buildId = false;
        for (Note note : notes) {
            go |= note instanceof Note.GoBuildId;
            buildId |= note instanceof Note.BuildId;
        }
        if (!isImage(header) || hasNoCode(segments) || (go && !buildId)) {
            notesOfSections(input, header, notes, damage);
        }
        return new ElfFile(
                header, segments, interpreter, dynamic, List.copyOf(notes), List.copyOf(damage));
    }

    /// Objects have no segments, and those of debug files point nowhere: only sections know of
    /// their notes.
    private static void notesOfSections(
            Input input, ElfHeader header, List<Note> notes, List<Damage> damage) {
        try {
            for (Section section : SectionParser.parse(input, header)) {
                if (section.type() == Section.NOTE) {
                    Extent extent =
                            new Extent(
                                    section.offset(),
                                    section.address(),
                                    section.address(),
                                    section.sizeBytes(),
                                    section.sizeBytes(),
                                    0,
                                    section.align());
                    List<Note> more = new ArrayList<>();
                    notes(input, header, extent, more, damage);
                    for (Note note : more) {
                        if (!isKnown(note, notes)) {
                            notes.add(note);
                        }
                    }
                }
            }
        } catch (UnreadableException e) {
            damage.add(Damage.of("sections", e));
        }
    }

    /// Go's note comes twice in each of its programs, and is compared by hand: a record's own
    /// `equals` is built by the JVM when it is first called.
    private static boolean isKnown(Note note, List<Note> notes) {
        for (Note known : notes) {
            boolean same =
                    known instanceof Note.GoBuildId(String id)
                            ? note instanceof Note.GoBuildId(String other) && id.equals(other)
                            : known.getClass() == note.getClass() && known.equals(note);
            if (same) {
                return true;
            }
        }
        return false;
    }

    static boolean isImage(ElfHeader header) {
        return header.type() == ElfType.Known.EXECUTABLE || header.type() == ElfType.Known.SHARED;
    }

    /// True for the debug half of a stripped program: its headers still name code, interpreter and
    /// dynamic section, but the bytes are not there.
    static boolean hasNoCode(List<Segment> segments) {
        boolean any = false;
        for (Segment segment : segments) {
            if (segment instanceof Segment.Load(Extent extent) && extent.executable()) {
                any = true;
                if (extent.fileBytes() != 0) {
                    return false;
                }
            }
        }
        return any;
    }

    private static List<Segment> segments(Input input, ElfHeader header) {
        ElfHeader.Table table = header.programHeaders();
        if (table.count() == 0) {
            return List.of();
        }
        Layout layout = header.layout();
        boolean wide = layout.wide();
        if (table.entryBytes() != layout.programHeaderBytes()) {
            throw new UnreadableException(
                    wide ? 54 : 42,
                    "program headers of %d bytes each; the kernel takes only %d"
                            .formatted(table.entryBytes(), layout.programHeaderBytes()));
        }
        if (table.count() > MAX_SEGMENTS) {
            throw new UnreadableException(
                    table.offset(),
                    table.count() + " program headers are over the limit of " + MAX_SEGMENTS);
        }
        input.budget().spendEntries(table.count(), table.offset());
        View view = input.view(table.offset(), table.count() * table.entryBytes(), layout.order());
        List<Segment> segments = new ArrayList<>();
        for (long i = 0; i < table.count(); i++) {
            segments.add(segment(view, i * table.entryBytes(), wide));
        }
        return List.copyOf(segments);
    }

    private static Segment segment(View view, long at, boolean wide) {
        Extent extent =
                wide
                        ? new Extent(
                                view.u64(at + 8),
                                view.u64(at + 16),
                                view.u64(at + 24),
                                view.u64(at + 32),
                                view.u64(at + 40),
                                view.i32(at + 4),
                                view.u64(at + 48))
                        : new Extent(
                                view.u32(at + 4),
                                view.u32(at + 8),
                                view.u32(at + 12),
                                view.u32(at + 16),
                                view.u32(at + 20),
                                view.i32(at + 24),
                                view.u32(at + 28));
        return Segment.of(view.i32(at), extent);
    }

    private static String interpreter(Input input, ElfHeader header, Extent extent) {
        if (extent.fileBytes() == 0) {
            return "";
        }
        if (extent.fileBytes() < 0 || extent.fileBytes() > MAX_INTERPRETER_BYTES) {
            throw new UnreadableException(
                    extent.offset(),
                    "a loader path of %s bytes; the kernel takes at most %d"
                            .formatted(
                                    Long.toUnsignedString(extent.fileBytes()),
                                    MAX_INTERPRETER_BYTES));
        }
        View view = input.view(extent.offset(), extent.fileBytes(), header.layout().order());
        if (view.u8(extent.fileBytes() - 1) != 0) {
            throw new UnreadableException(
                    extent.offset(), "the loader path does not end with a NUL");
        }
        return view.textUntilNul(0, MAX_INTERPRETER_BYTES);
    }

    private static void notes(
            Input input, ElfHeader header, Extent extent, List<Note> notes, List<Damage> damage) {
        if (extent.fileBytes() == 0) {
            return;
        }
        try {
            notes.addAll(NoteParser.parse(input, header.layout(), extent));
        } catch (UnreadableException e) {
            damage.add(Damage.of("notes", e));
        }
    }
}
