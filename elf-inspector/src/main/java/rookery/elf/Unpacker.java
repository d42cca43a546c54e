package rookery.elf;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import rookery.elf.CompressedSection.State;
import rookery.elf.bytes.Budget;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.PatternSearch;
import rookery.elf.bytes.Source;
import rookery.elf.bytes.UnreadableException;

/// Unpacks the zlib sections of a program and looks for paths of the machine that built it, which
/// compilers leave nowhere else.
///
/// Piece by piece, so that a section may unpack to more than memory holds; what the sections of one
/// file unpack to is counted before anything is unpacked, and a section that says more than any
/// stream can hold is not begun.
final class Unpacker implements AutoCloseable {
    /// The best that the format can do: 258 bytes out of two bits.
    private static final long MAX_RATIO = 1032;

    private static final int IN_BYTES = 64 << 10;
    private static final int PIECE_BYTES = 1 << 20;

    private final Input input;
    private final int headerBytes;
    private final List<Leak> leaks;
    private final Inflater inflater = new Inflater();
    private final byte[] piece = new byte[LeakFinder.MAX_PATH_BYTES + PIECE_BYTES];
    private final PatternSearch search = new PatternSearch(LeakFinder.roots());

    private Unpacker(Input input, Layout layout, List<Leak> leaks) {
        this.input = input;
        this.headerBytes = CompressedSections.headerBytes(layout);
        this.leaks = leaks;
    }

    /// The sections with what became of them.
    ///
    /// @param leaks gets the paths that are in them
    static List<CompressedSection> unpack(
            Input input, Layout layout, List<CompressedSection> sections, List<Leak> leaks) {
        if (sections.stream().noneMatch(Unpacker::isFor)) {
            return sections;
        }
        List<CompressedSection> done = new ArrayList<>();
        try (var unpacker = new Unpacker(input, layout, leaks)) {
            for (CompressedSection section : sections) {
                done.add(isFor(section) ? section.with(unpacker.unpacked(section)) : section);
            }
        }
        return List.copyOf(done);
    }

    private static boolean isFor(CompressedSection section) {
        return section.method().equals(CompressedSections.ZLIB);
    }

    private State unpacked(CompressedSection section) {
        long packed = section.packedBytes() - headerBytes;
        long full = section.fullBytes();
        if (packed < 0 || full < 0 || full / MAX_RATIO > packed) {
            return new State.Damaged(
                    "%s bytes cannot be packed into %s"
                            .formatted(
                                    Long.toUnsignedString(full),
                                    Long.toUnsignedString(section.packedBytes())));
        }
        try {
            input.budget().spendInflated(packed, section.offsetBytes());
            input.budget().spendInflated(full, section.offsetBytes());
        } catch (UnreadableException e) {
            return new State.Unread(e.reason());
        }
        try {
            return stream(section, packed, full);
        } catch (DataFormatException e) {
            return new State.Damaged("no zlib stream: " + e.getMessage());
        } catch (UnreadableException e) {
            return new State.Damaged(e.reason());
        }
    }

    private State stream(CompressedSection section, long packed, long full)
            throws DataFormatException {
        inflater.reset();
        long at = section.offsetBytes() + headerBytes;
        long end = at + packed;
        long before = 0;
        int kept = 0;
        int filled = 0;
        while (!inflater.finished()) {
            if (inflater.needsInput()) {
                int length = (int) Math.min(IN_BYTES, end - at);
                if (length == 0) {
                    return new State.Damaged("it ends early");
                }
                inflater.setInput(input.view(at, length, ByteOrder.LITTLE_ENDIAN).bytes(0, length));
                at += length;
            }
            filled += inflater.inflate(piece, filled, piece.length - filled);
            if (inflater.needsDictionary()) {
                return new State.Damaged("it wants a dictionary");
            }
            if (inflater.getBytesWritten() > full) {
                return new State.Damaged("it unpacks to more than it says");
            }
            if (filled == piece.length) {
                // A path that may go on in the next piece is left to it.
                int whole = filled - LeakFinder.MAX_PATH_BYTES;
                leaks(section, before, filled, whole);
                kept = LeakFinder.MAX_PATH_BYTES;
                System.arraycopy(piece, whole, piece, 0, kept);
                before += whole;
                filled = kept;
            }
        }
        leaks(section, before, filled, filled);
        return inflater.getBytesWritten() == full
                ? new State.Read()
                : new State.Damaged(
                        "it unpacks to %d bytes only".formatted(inflater.getBytesWritten()));
    }

    private void leaks(CompressedSection section, long before, int length, int below) {
        // What is counted is what was unpacked; looking at it again costs no more of the file.
        Input text =
                new Input(
                        Source.of(MemorySegment.ofArray(piece).asSlice(0, length)),
                        new Budget(Budget.DEEP));
        search.forget();
        search.search(text, 0, length);
        LeakFinder.read(text, search, below, Optional.of(section.name()), before, leaks);
    }

    @Override
    public void close() {
        inflater.end();
    }
}
