package rookery.elf.golang;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.UnreadableException;
import rookery.elf.bytes.View;

/// Finds and reads Go's build information: a 32-byte header, then two length-prefixed strings (Go
/// 1.18 and later) or the addresses of two strings (before).
public final class GoBuildInfoReader {
    private static final byte[] MAGIC = "\u00ff Go buildinf:".getBytes(StandardCharsets.ISO_8859_1);
    private static final int ALIGN = 16;
    private static final int HEADER_BYTES = 32;
    private static final int FIRST_WINDOW_BYTES = 4096;
    private static final int WINDOW_BYTES = 256 << 10;
    private static final int MAX_VERSION_BYTES = 1024;
    private static final int MAX_MODULES_BYTES = 8 << 20;
    private static final int FLAG_BIG_ENDIAN = 1;
    private static final int FLAG_INLINE = 2;

    /// The module text stands between two 16-byte marks, by which debuggers find it in memory.
    private static final int SENTINEL_BYTES = 16;

    private static final int MAX_CANDIDATES = 64;

    /// A range of the file that holds data, and the memory address of its first byte.
    public record Range(long offset, long lengthBytes, long address) {}

    private final Input input;
    private final LongUnaryOperator addressToOffset;

    /// A reader for one file.
    ///
    /// @param addressToOffset the file offset of a memory address, or -1
    public GoBuildInfoReader(Input input, LongUnaryOperator addressToOffset) {
        this.input = input;
        this.addressToOffset = addressToOffset;
    }

    /// The first block that can be read, in the order of the ranges.
    public Optional<GoBuildInfo> find(List<Range> ranges) {
        int candidates = 0;
        for (Range range : ranges) {
            // The block is aligned in memory, and the mark alone also occurs in programs that look
            // for it.
            long start = range.offset() + Math.floorMod(-range.address(), (long) ALIGN);
            long end = range.offset() + range.lengthBytes();
            // It is nearly always at the very start.
            long window = FIRST_WINDOW_BYTES;
            for (long at = start; at < end; at += window, window = WINDOW_BYTES) {
                long length = Math.min(window, end - at);
                View view = input.view(at, length, ByteOrder.LITTLE_ENDIAN);
                byte[] bytes = view.bytes(0, length);
                for (int i = 0; i + HEADER_BYTES <= length; i += ALIGN) {
                    if (bytes[i] == MAGIC[0]
                            && view.startsWith(i, MAGIC)
                            && ++candidates <= MAX_CANDIDATES) {
                        Optional<GoBuildInfo> found = read(at + i);
                        if (found.isPresent()) {
                            return found;
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    private Optional<GoBuildInfo> read(long at) {
        try {
            View header = input.view(at, HEADER_BYTES, ByteOrder.LITTLE_ENDIAN);
            int flags = header.u8(15);
            return (flags & FLAG_INLINE) != 0 ? inline(at + HEADER_BYTES) : byAddress(header);
        } catch (UnreadableException e) {
            return Optional.empty();
        }
    }

    private Optional<GoBuildInfo> inline(long at) {
        Text version = lengthPrefixed(at, MAX_VERSION_BYTES);
        Text modules = lengthPrefixed(version.end(), MAX_MODULES_BYTES);
        return parsed(version.text(), modules.text());
    }

    private record Text(String text, long end) {}

    private Text lengthPrefixed(long at, int maxBytes) {
        long length = 0;
        int shift = 0;
        long next = at;
        while (true) {
            int octet = input.view(next++, 1, ByteOrder.LITTLE_ENDIAN).u8(0);
            length |= (long) (octet & 0x7f) << shift;
            if (octet < 0x80) {
                break;
            }
            shift += 7;
            if (shift > 56) {
                throw new UnreadableException(at, "a length in Go's build information has no end");
            }
        }
        return new Text(text(next, length, maxBytes), next + length);
    }

    private Optional<GoBuildInfo> byAddress(View header) {
        int pointerBytes = header.u8(14);
        if (pointerBytes != 4 && pointerBytes != 8) {
            return Optional.empty();
        }
        ByteOrder order =
                (header.u8(15) & FLAG_BIG_ENDIAN) != 0
                        ? ByteOrder.BIG_ENDIAN
                        : ByteOrder.LITTLE_ENDIAN;
        View pointers = input.view(header.fileOffset(16), 16, order);
        boolean wide = pointerBytes == 8;
        String version = goString(pointers.word(0, wide), wide, order, MAX_VERSION_BYTES);
        long modules = pointers.word(pointerBytes, wide);
        return parsed(
                version, modules == 0 ? "" : goString(modules, wide, order, MAX_MODULES_BYTES));
    }

    private String goString(long address, boolean wide, ByteOrder order, int maxBytes) {
        int word = wide ? 8 : 4;
        View pair = input.view(addressToOffset.applyAsLong(address), 2L * word, order);
        long data = addressToOffset.applyAsLong(pair.word(0, wide));
        return text(data, pair.word(word, wide), maxBytes);
    }

    private String text(long at, long length, int maxBytes) {
        if (length < 0 || length > maxBytes) {
            throw new UnreadableException(
                    at,
                    length + " bytes of Go build information are over the limit of " + maxBytes);
        }
        return input.view(at, length, ByteOrder.LITTLE_ENDIAN).text(0, length);
    }

    private static Optional<GoBuildInfo> parsed(String version, String modules) {
        // Toolchains built from source call themselves "devel …".
        if (!version.startsWith("go") && !version.startsWith("devel")) {
            return Optional.empty();
        }
        return Optional.of(ModuleText.parse(version, withoutSentinels(modules)));
    }

    private static String withoutSentinels(String text) {
        // The marks are not UTF-8, so each of their 16 bytes may have become a character of its own
        // or not: cut by line instead.
        int start = text.indexOf("path\t");
        int end = text.lastIndexOf('\n');
        int plausible = 2 * SENTINEL_BYTES;
        return start < 0 || start > plausible || end < start ? "" : text.substring(start, end + 1);
    }
}
