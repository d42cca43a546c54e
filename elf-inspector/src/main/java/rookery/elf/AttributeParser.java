package rookery.elf;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.UnreadableException;
import rookery.elf.bytes.View;

/// Reads build attributes: `A`, then per vendor a length, a name, and blocks of tags and values.
final class AttributeParser {
    /// Real ones have less than 200 bytes.
    private static final long MAX_BYTES = 64 << 10;

    private static final int MAX_TEXT_BYTES = 4096;
    private static final int WHOLE_FILE = 1;
    private static final int COMPATIBILITY = 32;
    private static final int MAX_SHIFT = 56;

    private final View view;
    private final Input input;
    private long at;

    private AttributeParser(Input input, View view) {
        this.input = input;
        this.view = view;
    }

    /// The first vendor's attributes of the whole file.
    ///
    /// @throws UnreadableException when they are cut or nested wrongly
    static Optional<Attributes> parse(Input input, ByteOrder order, long offset, long sizeBytes) {
        View view =
                input.view(
                        offset, sizeBytes < 0 ? sizeBytes : Math.min(sizeBytes, MAX_BYTES), order);
        return view.sizeBytes() < 6 || view.u8(0) != 'A'
                ? Optional.empty()
                : Optional.of(new AttributeParser(input, view).vendor());
    }

    private Attributes vendor() {
        long end = Math.min(view.sizeBytes(), 1 + view.u32(1));
        at = 5;
        String name = text();
        List<Attributes.Value> values = new ArrayList<>();
        while (at + 5 <= end) {
            long start = at;
            long kind = number();
            long length = view.u32(at);
            at += 4;
            long blockEnd = start + length;
            if (length < 5 || blockEnd > end) {
                throw new UnreadableException(
                        view.fileOffset(start), "a block of attributes of " + length + " bytes");
            }
            while (kind == WHOLE_FILE && at < blockEnd) {
                input.budget().spendEntries(1, view.fileOffset(at));
                values.add(value(name));
            }
            at = blockEnd;
        }
        return new Attributes(name, List.copyOf(values));
    }

    private Attributes.Value value(String vendor) {
        long tag = number();
        if (vendor.equals("aeabi") && tag == COMPATIBILITY) {
            return new Attributes.Value(tag, number() + " " + text());
        }
        // ARM's first tags are older than the rule that odd ones are texts.
        boolean old = vendor.equals("aeabi") && tag < COMPATIBILITY;
        boolean isText = old ? (tag == 4 || tag == 5) : (tag & 1) == 1;
        return new Attributes.Value(tag, isText ? text() : Long.toUnsignedString(number()));
    }

    private String text() {
        String text = view.textUntilNul(at, MAX_TEXT_BYTES);
        long length = 0;
        while (view.u8(at + length) != 0) {
            length++;
        }
        at += length + 1;
        return text;
    }

    private long number() {
        long value = 0;
        for (int shift = 0; shift <= MAX_SHIFT; shift += 7) {
            int octet = view.u8(at++);
            value |= (long) (octet & 0x7f) << shift;
            if (octet < 0x80) {
                return value;
            }
        }
        throw new UnreadableException(view.fileOffset(at), "a number of attributes has no end");
    }
}
