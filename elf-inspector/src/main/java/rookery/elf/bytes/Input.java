package rookery.elf.bytes;

import java.nio.ByteOrder;

/// A source together with what may be spent on it: what every parser of this module reads from.
public record Input(Source source, Budget budget) {
    /// No single piece is larger, whatever a header says; longer ranges are read window by window.
    public static final long MAX_PIECE_BYTES = 128L << 20;

    public long sizeBytes() {
        return source.sizeBytes();
    }

    /// The bytes of a range, as numbers in the given order.
    ///
    /// @throws UnreadableException when the range is not inside the file, too long, or over budget
    public View view(long offset, long length, ByteOrder order) {
        Source.checkRange(offset, length, source.sizeBytes());
        if (length > MAX_PIECE_BYTES) {
            throw new UnreadableException(
                    offset,
                    "a table of " + length + " bytes is over the limit of " + MAX_PIECE_BYTES);
        }
        budget.spendBytes(length, offset);
        return source.view(offset, length, order);
    }

    /// Copies a range to the start of an array, for a search that reuses it.
    void copy(long offset, int length, byte[] target) {
        budget.spendBytes(length, offset);
        source.copy(offset, length, target);
    }

    /// The same bytes under another budget, for a pass that is allowed more or less.
    public Input withBudget(Budget.Limits limits) {
        return new Input(source, new Budget(limits));
    }
}
